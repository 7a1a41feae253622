import type { ReactNode } from 'react';
import styles from '../pages.module.css';

/** Names and what they are, in columns as many as there is room for. */
export const Facts = ({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }): ReactNode => (
  <dl className={styles['facts']}>{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
);
