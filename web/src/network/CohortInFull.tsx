import type { ReactNode } from 'react';
import type { CohortPage, DiscoveryPage } from 'throughline/client';
import { Notice } from '../ui/Notice.tsx';
import ui from '../ui/ui.module.css';
import { useAlive } from '../ui/useAlive.ts';
import { networkPath, type CohortView } from '../view.ts';
import { words } from '../words.ts';
import { CardList } from './CardList.tsx';
import styles from './network.module.css';
import { Undo } from './Undo.tsx';
import { useMore, type More } from './useMore.ts';
import { useShelves } from './useShelves.ts';

/** Words of the page among those of the server: in the page's own language, whatever the list's. */
const Own = ({ children }: { readonly children: ReactNode }): ReactNode => <div lang="en" dir="ltr">{children}</div>;

interface TailProps { readonly list: More; readonly path: string; readonly said: DiscoveryPage['words'] }

/** The way on: a button, or a link where no script runs, or what keeps it from going on. */
const Tail = ({ list: { status, cursor, more, again }, path, said }: TailProps): ReactNode => {
  const alive = useAlive();
  if (status === 'offline') return <Own><Notice sentence={words.listOffline} action={words.tryAgain} onAction={more} /></Own>;
  if (status === 'failed') return <Own><Notice sentence={words.listFailed} action={words.tryAgain} onAction={more} /></Own>;
  if (status === 'expired') return <Own><Notice sentence={words.expired} action={words.startAgain} onAction={again} /></Own>;
  if (status === 'end' || cursor === null) return null;
  if (!alive) return <a className={ui['button']} rel="next" href={`${path}?cursor=${encodeURIComponent(cursor)}`}>{said.more}</a>;
  return <button type="button" className={ui['button']} aria-disabled={status === 'loading' || undefined} onClick={more}>{said.more}</button>;
};

const nameIn = ({ path }: CohortView): string => decodeURIComponent(path.slice(path.lastIndexOf('/') + 1));

/** What stands behind "See all". */
export const CohortInFull = ({ view }: { readonly view: CohortView }): ReactNode => {
  const page: CohortPage = view.cohortPage;
  const { cohort, words: said, locale, direction, missing } = page;
  const shelves = useShelves(cohort === undefined ? [] : [cohort]);
  const list = useMore(nameIn(view), page, shelves);
  const isEmpty = cohort === undefined || (shelves.cards(cohort.name).length === 0 && list.status === 'end');
  return (
    <main className={styles['page']}>
      <p><a className={styles['back']} href={networkPath(page.member)}>{words.backToNetwork}</a></p>
      <div id="network" className={styles['cohorts']} lang={locale} dir={direction} tabIndex={-1}>
        <div className={styles['title']}>
          <h1 id="cohort-title">{cohort?.title ?? <span lang="en" dir="ltr">{words.network}</span>}</h1>
          {cohort?.reason !== undefined && <p>{cohort.reason}</p>}
        </div>
        {missing.length > 0 && <p className={styles['missing']}>{said.partlyMissing}</p>}
        {view.continued && <Own><a className={styles['back']} href={view.path}>{words.firstPage}</a></Own>}
        {cohort !== undefined && !isEmpty && <section aria-labelledby="cohort-title" aria-busy={list.status === 'loading'}><CardList cohort={cohort} page={page} shelves={shelves} labelledBy="cohort-title" full /></section>}
        {isEmpty && missing.length === 0 && <p className={styles['nothing']}>{said.nothingHere}</p>}
        <div className={styles['tail']}><Tail list={list} path={view.path} said={said} /></div>
        <Undo shelves={shelves} said={said} />
      </div>
    </main>
  );
};
