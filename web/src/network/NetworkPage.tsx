import type { ReactNode } from 'react';
import type { Cohort } from 'throughline/client';
import { networkPath, type NetworkView } from '../view.ts';
import ui from '../ui/ui.module.css';
import { words } from '../words.ts';
import { CardList } from './CardList.tsx';
import styles from './network.module.css';
import { Undo } from './Undo.tsx';
import { useShelves, type Shelves } from './useShelves.ts';

/** What two rows of the narrowest list hold: of fewer there is nothing more to see. */
const NARROWEST = 2;

const Shelf = ({ cohort, view: { discovery }, shelves }: { readonly cohort: Cohort; readonly view: NetworkView; readonly shelves: Shelves }): ReactNode => {
  const id = `cohort-${cohort.name}`;
  return (
    <section className={styles['cohort']} aria-labelledby={id}>
      <div className={styles['head']}>
        <h2 id={id}>{cohort.title}</h2>
        {cohort.total > NARROWEST && <a href={networkPath(discovery.member, cohort.name)}>{cohort.seeAll}<span className={ui['visuallyHidden']}>{words.about(cohort.title)}</span></a>}
        {cohort.reason !== undefined && <p>{cohort.reason}</p>}
      </div>
      <CardList cohort={cohort} page={discovery} shelves={shelves} labelledBy={id} full={false} />
    </section>
  );
};

/** Cohorts in the server's order and words. */
export const NetworkPage = ({ view }: { readonly view: NetworkView }): ReactNode => {
  const { cohorts, missing, words: said, locale, direction } = view.discovery;
  const shelves = useShelves(cohorts);
  const shown = cohorts.filter(({ name }) => shelves.cards(name).length > 0);
  return (
    <main className={styles['page']}>
      <div className={styles['title']}><h1>{words.network}</h1><p>{words.networkLead}</p></div>
      <div id="network" className={styles['cohorts']} lang={locale} dir={direction} tabIndex={-1}>
        {missing.length > 0 && <p className={styles['missing']}>{said.partlyMissing}</p>}
        {shown.map((cohort) => <Shelf key={cohort.name} cohort={cohort} view={view} shelves={shelves} />)}
        {shown.length === 0 && <p className={styles['nothing']}>{said.nothingHere}</p>}
        <Undo shelves={shelves} said={said} />
      </div>
    </main>
  );
};
