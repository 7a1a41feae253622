import type { ReactNode } from 'react';
import styles from './app.module.css';

/** The product's sign: one line through. */
export const Mark = (): ReactNode => (
  <svg className={styles['mark']} viewBox="0 0 32 32" aria-hidden="true">
    <path d="M3 23h4c7 0 5-14 12-14h10" /><circle cx="19" cy="9" r="4.4" />
  </svg>
);
