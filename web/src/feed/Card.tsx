import { memo, useCallback, useId, useState, type ReactNode } from 'react';
import type { FeedItem } from 'throughline/client';
import { Avatar, KindTile } from '../ui/Avatar.tsx';
import { useAnnounce, useServices } from '../ui/contexts.ts';
import { Icon } from '../ui/Icon.tsx';
import { ageOf, beginningOf, kindName, words } from '../words.ts';
import { CardActions, type Dismissal } from './CardActions.tsx';
import { CardText } from './CardText.tsx';
import { Dismissed } from './Dismissed.tsx';
import styles from './feed.module.css';
import { useToggle } from '../ui/useToggle.ts';
import type { FeedWindow } from './useWindow.ts';

export interface CardProps {
  readonly item: FeedItem;
  readonly index: number;
  readonly now: number;
  readonly locale: string;
  readonly measure: FeedWindow['measure'];
  readonly onWhy: (item: FeedItem) => void;
}

const Byline = ({ item, now, locale }: Pick<CardProps, 'item' | 'now' | 'locale'>): ReactNode => {
  const { author, publishedAt, startsAt, subtitle } = item.card;
  // Of what begins at a moment the moment is told, not when somebody announced it.
  const age = <time dateTime={startsAt ?? publishedAt} suppressHydrationWarning>{startsAt === undefined ? ageOf(publishedAt, now, locale) : beginningOf(startsAt, now, locale)}</time>;
  const kind = kindName(item.kind);
  // When somebody joined says nothing about why to know them.
  const isDated = item.kind !== 'member';
  return (
    <div className={styles['byline']}>
      {author === null ? <KindTile kind={item.kind} /> : <Avatar name={author.name} />}
      <div className={styles['bylineText']}>
        <span className={styles['author']}>{author === null ? kind : author.name}</span>
        <span className={styles['meta']}>
          {author !== null && author.headline !== null && <span className={styles['headline']}>{author.headline}</span>}
          <span className={styles['facts']}>{author !== null && <><span>{kind}</span><span aria-hidden="true">·</span></>}
            {isDated && age}{isDated && subtitle !== null && <span aria-hidden="true">·</span>}{subtitle !== null && <span>{subtitle}</span>}</span>
        </span>
      </div>
    </div>
  );
};

const Title = ({ item, id }: { readonly item: FeedItem; readonly id: string }): ReactNode => {
  const services = useServices();
  const [opened, setOpened] = useState(false);
  const open = (): void => {
    services().act(item, 'click');
    setOpened(true);
  };
  const { title, untitled, url } = item.card;
  return (
    <h2 id={id} className={styles['title']} data-untitled={untitled || undefined}>
      {url === null
        ? <button type="button" onClick={open}>{title}</button>
        : <a href={url} target="_blank" rel="noopener" onClick={open} onAuxClick={open}>{title}</a>}
      {opened && <span className={styles['opened']}>{words.opened}</span>}
    </h2>
  );
};

/** What is paid for says so first, and by whom. */
const reasonOf = ({ sponsored, reason }: FeedItem): string => {
  if (sponsored === undefined) return reason.text;
  const label = sponsored.advertiser === null ? words.promoted : words.promotedBy(sponsored.advertiser.name);
  return reason.code === 'promoted' ? label : `${label} · ${reason.text}`;
};

/** One article of the feed; hidden ones collapse in place and can be brought back. */
export const Card = memo(({ item, index, now, locale, measure, onWhy }: CardProps): ReactNode => {
  const id = useId();
  const services = useServices();
  const announce = useAnnounce();
  const hide = useToggle(item, 'hide');
  const notInterested = useToggle(item, 'notInterested');
  const dismissed = hide.on || notInterested.on;
  const [pressed, setPressed] = useState<Dismissal>();

  // A collapsed card is not what was recommended: it is measured, but no longer watched.
  const attach = useCallback((element: HTMLElement | null) => {
    if (element === null) return undefined;
    const stops = [measure(element, index), ...(dismissed ? [] : [services().watch(element, item)])];
    return () => { for (const stop of stops) stop(); };
  }, [dismissed, index, item, measure, services]);

  const dismiss = (which: Dismissal): void => {
    (which === 'hide' ? hide : notInterested).press();
    setPressed(which);
    announce(which === 'hide' ? words.hidden : words.notInterestedDone);
  };
  const undo = (): void => {
    if ((hide.on ? hide : notInterested).press()) announce(words.shown);
  };
  const common = {
    ref: attach, tabIndex: -1, 'data-tracking-id': item.trackingId, 'aria-labelledby': id, 'data-index': index + 1, 'aria-posinset': item.position + 1, 'aria-setsize': -1,
  } as const;
  if (dismissed) {
    return <article {...common} className={styles['card']} data-dismissed><Dismissed id={id} title={item.card.title} why={hide.on ? words.hidden : words.notInterestedDone} focus={pressed !== undefined} onUndo={undo} /></article>;
  }
  return (
    <article {...common} aria-describedby={`${id}-reason`} className={styles['card']}>
      <div className={styles['reason']}>
        <Icon name="spark" /><p id={`${id}-reason`}>{reasonOf(item)}</p>
        <button type="button" className={styles['why']} onClick={() => { onWhy(item); }}>
          {words.why}<span className={styles['visuallyHidden']}>{words.about(item.card.title)}</span>
        </button>
      </div>
      <Byline item={item} now={now} locale={locale} />
      <Title item={item} id={id} />
      {item.card.text !== null && <CardText text={item.card.text} title={item.card.title} />}
      {item.card.topics.length > 0 && <ul className={styles['topics']}>{item.card.topics.slice(0, 4).map((topic) => <li key={topic}>{topic}</li>)}</ul>}
      <CardActions item={item} focus={pressed} onDismiss={dismiss} />
    </article>
  );
});
Card.displayName = 'Card';
