import { useEffect, useRef, type ReactNode } from 'react';
import type { Cohort, DiscoveryCard, DiscoveryPage } from 'throughline/client';
import { CohortCard } from './CohortCard.tsx';
import { layoutOf } from './layout.ts';
import styles from './network.module.css';
import type { Shelves } from './useShelves.ts';

interface CardListProps {
  readonly cohort: Cohort;
  readonly page: Pick<DiscoveryPage, 'templates' | 'words'>;
  readonly shelves: Shelves;
  readonly labelledBy: string;
  /** Every card, and not two rows of them. */
  readonly full: boolean;
}

const inSight = (list: HTMLElement | null): readonly Element[] => [...list?.children ?? []].filter((item) => item.getClientRects().length > 0);

/** The cards of a cohort. The style sheet shows two rows of them at any width; those behind stand by and are hidden from everybody. */
export const CardList = ({ cohort, page, shelves, labelledBy, full }: CardListProps): ReactNode => {
  const list = useRef<HTMLUListElement>(null);
  // The card that took the place, or the last one there is.
  useEffect(() => {
    const items = inSight(list.current);
    const place = items.length === 0 ? undefined : shelves.takeFocus(cohort.name);
    if (place === undefined) return;
    (items[place] ?? items.at(-1))?.querySelector<HTMLElement>('h3 button')?.focus();
  });
  const layout = layoutOf(page.templates[cohort.template]);
  const dismiss = (card: DiscoveryCard): void => { shelves.dismiss(cohort.name, card, inSight(list.current).length); };
  return (
    <div className={styles['shelf']}>
      <ul ref={list} role="list" className={styles['list']} data-size={layout.size} data-full={full || undefined} aria-labelledby={labelledBy}>
        {shelves.cards(cohort.name).map((card) => <CohortCard key={card.trackingId} card={card} layout={layout} button={cohort.button} said={page.words} onDismiss={dismiss} />)}
      </ul>
    </div>
  );
};
