import { useCallback, useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import type { FeedItem } from 'throughline/client';
import { useAlive } from '../ui/useAlive.ts';
import { addressOf, type View } from '../view.ts';
import { words } from '../words.ts';
import { Card } from './Card.tsx';
import styles from './feed.module.css';
import { SortSwitch } from './SortSwitch.tsx';
import { Tail } from './Tail.tsx';
import { useFeed } from './useFeed.ts';
import { useFresh } from './useFresh.ts';
import { useFeedKeys } from './useFeedKeys.ts';
import { usePlace } from './usePlace.ts';
import { useWindow } from './useWindow.ts';
import { WhyDialog } from './WhyDialog.tsx';

interface FeedProps { readonly view: View; readonly onSettings: () => void }

/** After "Load more" or "Try again" the pressed button is gone: the focus goes on to the first article that came. */
const useFocusOnNew = (feed: RefObject<HTMLElement | null>, count: number): (() => void) => {
  const from = useRef<number>(undefined);
  useEffect(() => {
    if (from.current === undefined || count <= from.current) return;
    const articles = feed.current?.querySelectorAll<HTMLElement>('article') ?? [];
    const position = String(from.current + 1);
    const first = [...articles].find((article) => article.dataset['index'] === position);
    // It enters the window one render after it came.
    if (first === undefined) return;
    first.focus({ preventScroll: true });
    from.current = undefined;
  });
  return () => { from.current = count; };
};

export const Feed = ({ view, onSettings }: FeedProps): ReactNode => {
  const feed = useRef<HTMLDivElement>(null);
  const alive = useAlive();
  const [asked, setAsked] = useState<FeedItem>();
  const controls = useFeed(view);
  const { state } = controls;
  const fresh = useFresh(state.since);
  const shown = useWindow(state.items.length, feed);
  const onKeyDown = useFeedKeys(feed);
  const focusOnNew = useFocusOnNew(feed, state.items.length);
  usePlace(feed, controls, shown);
  const { measure } = shown;
  const onWhy = useCallback((item: FeedItem) => { setAsked(item); }, []);
  const byHand = (run: () => void) => () => {
    focusOnNew();
    run();
  };
  const spacers = { ...(shown.before > 0 ? { paddingBlockStart: shown.before } : {}), ...(shown.after > 0 ? { paddingBlockEnd: shown.after } : {}) };

  return (
    <section className={styles['column']} aria-labelledby="feed-title">
      <div className={styles['head']}>
        <h1 id="feed-title">{words.feed}</h1>
        <SortSwitch sort={state.sort} path={view.path} onSort={controls.sortBy} />
      </div>
      {state.degraded && <p className={styles['degraded']} role="status">{words.degraded}</p>}
      {view.continued && !alive && <p><a className={styles['link']} href={addressOf(view.path, { sort: state.sort })}>{words.firstPage}</a></p>}
      <div role="status" className={styles['freshBar']}>
        {fresh.count > 0 && <button type="button" className={styles['fresh']} onClick={() => { controls.sortBy(state.sort, { push: false }); feed.current?.focus({ preventScroll: true }); }}>{words.fresh(fresh.count, fresh.more)}</button>}
      </div>
      {state.items.length === 0 && state.status === 'end' && <div className={styles['empty']}><h2>{words.emptyTitle}</h2><p>{words.emptyNote}</p></div>}
      <div ref={feed} id="feed" role="feed" className={styles['feed']} aria-labelledby="feed-title" aria-busy={state.status === 'loading'} tabIndex={-1} onKeyDown={onKeyDown}
        {...(Object.keys(spacers).length > 0 ? { style: spacers } : {})}>
        {state.items.slice(shown.start, shown.end).map((item, offset) => (
          <Card key={item.trackingId} item={item} index={shown.start + offset} now={view.now} locale={view.locale} measure={measure} onWhy={onWhy} />
        ))}
      </div>
      <Tail controls={{ ...controls, pressMore: byHand(controls.pressMore) }} path={view.path} alive={alive} />
      {asked !== undefined && <WhyDialog item={asked} onClose={() => { setAsked(undefined); }} onSettings={onSettings} />}
    </section>
  );
};
