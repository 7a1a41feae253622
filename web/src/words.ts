import type { Consent, FeedSort } from 'throughline/client';

/** Everything the page says by itself; reasons and cards come from the server in the member's locale. */
export const words = {
  product: 'Throughline',
  frontTitle: 'A feed that can say why.', frontLead: 'Everything ranked here comes with its reason, and every reason can be switched off. Open a member’s feed to see it at work.',
  frontAny: 'Any member’s id', frontOpen: 'Open the feed', frontApi: 'The API',
  journey: 'What your journey says',
  toTop: 'Back to the top',
  skipToFeed: 'Skip to the feed',
  feed: 'Your feed',
  network: 'My Network', networkLead: 'People to know, and what to follow, join and attend.', networkOf: (name: string) => `${name}’s network`, skipToNetwork: 'Skip to the suggestions', backToNetwork: 'Back to My Network',
  places: 'Pages of this member',
  feedOf: (name: string) => `${name}’s feed`,
  member: (id: string) => `Member ${id}`,
  sortBy: 'Sort by',
  sorts: { relevance: 'Most relevant', recent: 'Most recent' } satisfies Record<FeedSort, string>,
  sorted: { relevance: 'Showing the most relevant first.', recent: 'Showing the most recent first.' } satisfies Record<FeedSort, string>,
  sortNotes: {
    relevance: 'Ranked for you, from what you follow and what you do here.',
    recent: 'In order of time. Nothing about you is used.',
  } satisfies Record<FeedSort, string>,
  kinds: { article: 'Article', post: 'Post', job: 'Job', member: 'Person', company: 'Company', group: 'Group', course: 'Course', event: 'Event', newsletter: 'Newsletter', topic: 'Topic', skill: 'Skill' } as Readonly<Record<string, string>>,
  like: 'Like', liked: 'Liked', save: 'Save', saved: 'Saved', share: 'Share', linkCopied: 'Link copied', shareFailed: 'The link could not be copied.',
  /** What there is to do with a kind: before, and once it is done. */
  primary: { join: ['Join', 'Joined'], attend: ['Attend', 'Attending'], start: ['Start', 'Started'], connect: ['Connect', 'Connected'] } as const,
  begins: (when: string) => `Begins ${when}`, began: (when: string) => `Began ${when}`,
  hide: 'Hide', notInterested: 'Not for me', undo: 'Undo',
  hidden: 'Hidden. You will not see this again.',
  notInterestedDone: 'Thank you. You will see less like this.',
  shown: 'Shown again.',
  showMore: 'Show more', showLess: 'Show less', opened: 'Opened',
  elsewhere: 'This was done on another device; undo it there.',
  about: (title: string) => `: ${title}`,
  promoted: 'Promoted', promotedBy: (name: string) => `Promoted by ${name}`,
  why: 'Why this?', whyTitle: 'Why am I seeing this?', whyLoading: 'Asking…', whyFailed: 'The reason could not be fetched. Try again in a moment.',
  close: 'Close', settings: 'What shapes my feed', keyboard: 'Keyboard', thisPage: 'About this page',
  settingsLead: 'Switch off what should not be used to choose and order what you see. It takes effect with the next page.',
  settingsLoading: 'Loading your choices…', settingsFailed: 'Your choices could not be loaded or saved. Nothing was changed.', settingsSaved: 'Saved.',
  families: {
    profile: ['Profile', 'What you wrote about yourself: headline, skills, place, topics.'],
    activity: ['Activity', 'What you opened, liked, saved, shared or hid.'],
    graph: ['Network', 'Who you are connected to and follow, and what they do in public.'],
    sequence: ['Journey', 'The order in which you did things, across everything here.'],
    messages: ['Messages', 'With whom you exchange messages; never what they say. Off unless you switch it on.'],
  } satisfies Record<keyof Consent, readonly [string, string]>,
  keys: [
    [['Page Down'], 'Next post'], [['Page Up'], 'Previous post'],
    [['Ctrl', 'End'], 'Leave the feed, forwards'], [['Ctrl', 'Home'], 'Leave the feed, backwards'],
  ] as readonly (readonly [readonly string[], string])[],
  cardBack: (name: string) => `${name} is suggested again.`, listFailed: 'More suggestions could not be loaded.', listOffline: 'You are offline. Nothing you did is lost.',
  nextPage: 'Next page', firstPage: 'Back to the beginning', loadMore: 'Load more', loading: 'Loading more…', loaded: (count: number) => `${count} more loaded.`,
  fresh: (count: number, more: boolean) => `${count}${more ? ' and more' : ''} new`,
  end: 'That is everything for now.', endNote: 'New posts from your network will appear at the top.',
  emptyTitle: 'Nothing here yet', emptyNote: 'Follow people and companies, and what they share will appear here.',
  offline: 'You are offline. The feed continues by itself when the connection is back; nothing you did is lost.',
  failed: 'The next posts could not be loaded.', tryAgain: 'Try again',
  expired: 'This list has expired.', startAgain: 'Load a fresh one',
  degraded: 'Some sources did not answer in time, so this page is less personal than usual.',
} as const;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A short age ("3 h"), or the date when older than a week. */
export const ageOf = (publishedAt: string, now: number, locale: string): string => {
  const age = now - Date.parse(publishedAt);
  if (age < MINUTE) return 'now';
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h`;
  if (age < 7 * DAY) return `${Math.floor(age / DAY)} d`;
  return dateOf(publishedAt, locale);
};

export const dateOf = (time: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date(time));

/** The day and the minute at which something begins. */
export const beginningOf = (time: string, now: number, locale: string): string => {
  const when = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC', timeZoneName: 'short' }).format(new Date(time));
  return Date.parse(time) > now ? words.begins(when) : words.began(when);
};

export const kindName = (kind: string): string => words.kinds[kind] ?? kind.charAt(0).toUpperCase() + kind.slice(1);
