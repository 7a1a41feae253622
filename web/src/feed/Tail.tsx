import { useEffect, useRef, type ReactNode } from 'react';
import { Notice } from '../ui/Notice.tsx';
import ui from '../ui/ui.module.css';
import { addressOf } from '../view.ts';
import { words } from '../words.ts';
import styles from './feed.module.css';
import { AUTO_PAGES } from './feedState.ts';
import type { FeedControls } from './useFeed.ts';

const AHEAD_PX = 1200;

export const Skeleton = (): ReactNode => (
  <div className={styles['skeleton']} aria-hidden="true">
    <span data-part="reason" /><span data-part="byline" /><span data-part="title" /><span data-part="text" /><span data-part="text" /><span data-part="actions" />
  </div>
);

/** Asks for more before the end comes into sight. */
const Sentinel = ({ onNear }: { readonly onNear: () => void }): ReactNode => {
  const mark = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = mark.current;
    if (element === null) return undefined;
    const observer = new IntersectionObserver((entries) => { if (entries.some((entry) => entry.isIntersecting)) onNear(); }, { rootMargin: `${AHEAD_PX}px 0px` });
    observer.observe(element);
    return () => { observer.disconnect(); };
  }, [onNear]);
  return <div ref={mark} className={styles['sentinel']} />;
};

interface TailProps { readonly controls: FeedControls; readonly path: string; readonly alive: boolean }

/** What follows the last article: the way on, what keeps it from coming, or the end. */
export const Tail = ({ controls: { state, more, pressMore, sortBy }, path, alive }: TailProps): ReactNode => {
  const { status, cursor, sort, items, autoPages } = state;
  if (status === 'offline') return <Notice sentence={words.offline} action={words.tryAgain} onAction={more} />;
  if (status === 'failed') return <Notice sentence={words.failed} action={words.tryAgain} onAction={more} />;
  if (status === 'expired') return <Notice sentence={words.expired} action={words.startAgain} onAction={() => { sortBy(sort, { push: false }); }} />;
  if (status === 'end') {
    return items.length === 0 ? null : <div className={styles['end']}><p>{words.end}</p><p>{words.endNote}</p></div>;
  }
  // Without script, or before it runs, the way on is a link.
  if (!alive) return <nav className={styles['tail']} aria-label={words.nextPage}><a className={ui['button']} rel="next" href={addressOf(path, { sort, ...(cursor === null ? {} : { cursor }) })}>{words.nextPage}</a></nav>;
  if (status === 'idle' && autoPages >= AUTO_PAGES) {
    return <div className={styles['tail']}><button type="button" className={ui['button']} onClick={pressMore}>{words.loadMore}</button></div>;
  }
  // New ones for each page: placeholders that give way do not move, so nothing is seen to jump.
  return (
    <div className={styles['tail']} key={items.length}>
      {status === 'idle' && <Sentinel onNear={more} />}
      <Skeleton /><Skeleton /><Skeleton />
    </div>
  );
};
