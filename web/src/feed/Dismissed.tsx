import { useEffect, useRef, type ReactNode } from 'react';
import { words } from '../words.ts';
import styles from './feed.module.css';

interface DismissedProps { readonly id: string; readonly title: string; readonly why: string; readonly focus: boolean; readonly onUndo: () => void }

/** What stays in place of a dismissed card, for as long as the page does: no race against a timer to take it back. */
export const Dismissed = ({ id, title, why, focus, onUndo }: DismissedProps): ReactNode => {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => { if (focus) button.current?.focus({ preventScroll: true }); }, [focus]);
  return (
    <div className={styles['dismissed']}>
      <p><span id={id} className={styles['dismissedTitle']}>{title}</span> {why}</p>
      <button ref={button} type="button" className={styles['plainButton']} onClick={onUndo}>{words.undo}<span className={styles['visuallyHidden']}>{words.about(title)}</span></button>
    </div>
  );
};
