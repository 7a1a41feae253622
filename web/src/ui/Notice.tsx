import type { ReactNode } from 'react';
import styles from './ui.module.css';

/** What keeps a list from going on, and what to do about it. */
export const Notice = ({ sentence, action, onAction }: { readonly sentence: string; readonly action?: string; readonly onAction?: () => void }): ReactNode => (
  <div className={styles['notice']} role="status">
    <p>{sentence}</p>
    {action !== undefined && <button type="button" className={styles['button']} onClick={onAction}>{action}</button>}
  </div>
);
