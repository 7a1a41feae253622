import type { MouseEvent, ReactNode } from 'react';
import type { FeedSort } from 'throughline/client';
import { addressOf } from '../view.ts';
import { words } from '../words.ts';
import styles from './feed.module.css';

interface SortSwitchProps { readonly sort: FeedSort; readonly path: string; readonly onSort: (sort: FeedSort) => void }

const SORTS: readonly FeedSort[] = ['relevance', 'recent'];

/** Links, so that it works without script and a sort can be shared; with script the list is changed in place. */
export const SortSwitch = ({ sort, path, onSort }: SortSwitchProps): ReactNode => {
  const choose = (event: MouseEvent, to: FeedSort): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (to !== sort) onSort(to);
  };
  return (
    <div className={styles['sort']}>
      <nav className={styles['switch']} aria-label={words.sortBy}>
        {SORTS.map((one) => (
          <a key={one} href={addressOf(path, { sort: one })} aria-current={one === sort ? 'true' : undefined} onClick={(event) => { choose(event, one); }}>{words.sorts[one]}</a>
        ))}
      </nav>
      <p className={styles['sortNote']}>{words.sortNotes[sort]}</p>
    </div>
  );
};
