import { useEffect, useId, useRef, type ReactNode } from 'react';
import { words } from '../words.ts';
import { Icon } from './Icon.tsx';
import styles from './ui.module.css';

interface DialogProps { readonly title: string; readonly onClose: () => void; readonly children: ReactNode }

/** The browser's own modal dialog: it traps focus, closes on Escape, and gives the focus back. */
export const Dialog = ({ title, onClose, children }: DialogProps): ReactNode => {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => { element?.close(); };
  }, []);
  return (
    <dialog ref={dialog} className={styles['dialog']} aria-labelledby={id} onClose={onClose}
      onClick={(event) => { if (event.target === dialog.current) dialog.current.close(); }}>
      <div className={styles['dialogBody']}>
        <div className={styles['dialogHead']}>
          <h2 id={id}>{title}</h2>
          <button type="button" className={styles['iconButton']} onClick={() => dialog.current?.close()}>
            <Icon name="close" /><span className={styles['visuallyHidden']} lang="en">{words.close}</span>
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
};
