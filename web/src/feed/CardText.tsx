import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { words } from '../words.ts';
import styles from './feed.module.css';

/** Four lines, and a button for the rest where there is a rest. */
export const CardText = ({ text, title }: { readonly text: string; readonly title: string }): ReactNode => {
  const paragraph = useRef<HTMLParagraphElement>(null);
  const [open, setOpen] = useState(false);
  // A guess from the length, so that the server's page has the height of the browser's; then measured.
  const [long, setLong] = useState(text.length > 260);
  useLayoutEffect(() => {
    const element = paragraph.current;
    if (element !== null && !open) setLong((was) => was || element.scrollHeight > element.clientHeight + 1);
  }, [open]);
  return (
    <div className={styles['text']}>
      <p ref={paragraph} data-open={open || undefined} dir="auto">{text}</p>
      {long && (
        <button type="button" aria-expanded={open} onClick={() => { setOpen(!open); }}>
          {open ? words.showLess : words.showMore}<span className={styles['visuallyHidden']}>{words.about(title)}</span>
        </button>
      )}
    </div>
  );
};
