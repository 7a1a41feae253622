import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { DiscoveryPage } from 'throughline/client';
import { Icon } from '../ui/Icon.tsx';
import ui from '../ui/ui.module.css';
import { words } from '../words.ts';
import { nameOf } from './layout.ts';
import styles from './network.module.css';
import type { Shelves } from './useShelves.ts';

/** How long a dismissal can be taken back; the time stands still while somebody points at the button or is on it. */
const OPEN_MS = 20_000;

/** Says what was dismissed, and takes it back: by the button, or by Ctrl+Z while it is there. */
export const Undo = ({ shelves, said }: { readonly shelves: Shelves; readonly said: DiscoveryPage['words'] }): ReactNode => {
  const { last, undo, close, takeFocus } = shelves;
  const [held, setHeld] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const latest = useRef({ undo, close, takeFocus });
  useEffect(() => { latest.current = { undo, close, takeFocus }; });
  const eventId = last?.eventId;

  useEffect(() => {
    if (eventId === undefined || held) return undefined;
    const timer = setTimeout(() => { latest.current.close(); }, OPEN_MS);
    return () => { clearTimeout(timer); };
  }, [eventId, held]);
  useEffect(() => {
    if (eventId === undefined) return undefined;
    // Effects of the cohorts ran before: whoever is left without a card finds the way back.
    if (latest.current.takeFocus() !== undefined) button.current?.focus();
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      event.preventDefault();
      latest.current.undo();
    };
    document.addEventListener('keydown', onKey);
    return () => { document.removeEventListener('keydown', onKey); };
  }, [eventId]);

  return (
    <div className={styles['undoPlace']} onMouseEnter={() => { setHeld(true); }} onMouseLeave={() => { setHeld(false); }} onFocus={() => { setHeld(true); }} onBlur={() => { setHeld(false); }}>
      <p role="status" className={last === undefined ? ui['visuallyHidden'] : styles['undoSentence']}>{last?.card.dismissed ?? ''}</p>
      {last !== undefined && (
        <>
          <button ref={button} type="button" className={styles['undoButton']} aria-keyshortcuts="Control+Z" onClick={undo}>{said.undo}<span className={ui['visuallyHidden']}>{words.about(nameOf(last.card))}</span></button>
          <button type="button" className={styles['undoClose']} onClick={close}><Icon name="close" /><span className={ui['visuallyHidden']} lang="en">{words.close}</span></button>
        </>
      )}
    </div>
  );
};
