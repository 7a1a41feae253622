import type { ReactNode } from 'react';
import { Icon, isIcon } from './Icon.tsx';
import styles from './ui.module.css';

const HUES = 6;

export const hueOf = (text: string): number => Array.from(text).reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973, 7) % HUES;

const initialsOf = (name: string): string => {
  const parts = name.split(/\s+/u).filter((part) => /^[\p{L}\p{N}]/u.test(part));
  const ends = parts.length > 1 ? [parts[0], parts.at(-1)] : [parts[0]];
  return ends.map((part) => Array.from(part ?? '')[0] ?? '').join('').toUpperCase();
};

/** Initials on a colour of the name's own. */
export const Avatar = ({ name }: { readonly name: string }): ReactNode =>
  <span className={styles['avatar']} data-hue={hueOf(name)} aria-hidden="true">{initialsOf(name)}</span>;

/** Stands where an author would, for items that have none. */
export const KindTile = ({ kind }: { readonly kind: string }): ReactNode =>
  <span className={styles['tile']} aria-hidden="true"><Icon name={isIcon(kind) ? kind : 'article'} /></span>;
