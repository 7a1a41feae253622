/** Made-up feed items of many shapes: long and short, with and without title, author, text, link. */
import type { FeedItem, FeedSort } from '../../src/client/types.ts';

const PEOPLE: readonly (readonly [string, string])[] = [
  ['Ana Ribeiro', 'Staff engineer, distributed systems at Northlight'], ['Tomasz Król', 'Data platform lead'], ['Mei-Ling Chou', 'Designer of tools for people who measure things, formerly at three start-ups'],
  ['Ibrahim Sow', 'Recruiting for climate and energy'], ['Dr. Leila Haddad', 'Research director'], ['Sam O’Neill', 'Writes about teams'],
];
const TITLES: readonly string[] = [
  'What we learned moving 40 services to one log', 'A quiet guide to hiring your first data engineer', 'Why our on-call rota has two people, and why that is cheaper', 'Reading a flame graph without fear',
  'Pay bands in the open: results after one year', 'The interview question that we stopped asking', 'Three ways to end a meeting early', 'From spreadsheets to a forecast that people trust, one department at a time',
];
const SENTENCES: readonly string[] = [
  'We kept the old system running beside the new one for eleven weeks and compared every answer.', 'The surprise was not the speed but the silence: pages went from nine a week to one.',
  'If you do only one thing, write down what you expect before you look.', 'None of this needed a new tool, only a shared list and half an hour on Mondays.',
  'Here are the numbers, the mistakes, and the parts that I would do differently.', 'Ask me anything in the comments; I will be around all week.',
];
const REASONS: readonly (readonly [string, string])[] = [
  ['networkLike', 'Ana Ribeiro and 2 others like this'], ['follows', 'You follow Northlight'], ['popularInTopic', 'Popular in Data engineering this week'], ['skillMatch', 'Matches your skills: SQL, forecasting'], ['network', 'From your network'],
];
const TOPICS: readonly string[] = ['Data engineering', 'Hiring', 'Leadership', 'Energy', 'Open source', 'Design'];
const KINDS: readonly string[] = ['article', 'article', 'post', 'job', 'article'];
/** Here and there something that is not to be read but to be joined, attended or started. */
const RARE: ReadonlyMap<number, string> = new Map([[8, 'event'], [9, 'course'], [12, 'group'], [14, 'member']]);
const DAY = 86_400_000;

const pick = <Thing>(list: readonly Thing[], at: number): Thing => {
  const thing = list[at % list.length];
  if (thing === undefined) throw new Error('the list is empty');
  return thing;
};

const MINUTE = 60_000;

export const feedItem = (position: number, context: { readonly request: string; readonly sort: FeedSort; readonly now: number }): FeedItem => {
  const number = context.sort === 'recent' ? position : (position * 7 + 3) % 1000 + Math.floor(position / 1000) * 1000;
  const kind = RARE.get(number % 17) ?? pick(KINDS, number);
  const [name, headline] = pick(PEOPLE, number * 5 + 1);
  const [code, text] = pick(REASONS, number);
  const untitled = number % 9 === 4;
  const sentences = Array.from({ length: [0, 2, 1, 5, 14][number % 5] ?? 0 }, (_, index) => pick(SENTENCES, number + index));
  const author = untitled || number % 4 === 3 ? null : { ref: `member:${number % 6}`, name, headline: number % 3 === 2 ? null : headline };
  const title = untitled ? `Article ${(0x1a2b + number).toString(16)}` : pick(TITLES, number * 3);
  return {
    trackingId: `${context.request}-${position.toString(36)}`, item: `${kind}:${number}`, kind, position,
    reason: { code, text, actors: [] },
    card: {
      title, untitled, subtitle: kind === 'job' ? 'Lisbon · hybrid' : null, text: sentences.length === 0 ? null : sentences.join(' '),
      url: number % 3 === 0 ? `https://example.org/${number}` : null, author,
      topics: number % 4 === 0 ? [] : [pick(TOPICS, number), pick(TOPICS, number + 2)], publishedAt: new Date(context.now - (number * number + 7) * MINUTE).toISOString(),
      ...(kind === 'event' ? { startsAt: new Date(context.now + (number % 20 + 1) * DAY).toISOString() } : {}),
    },
    viewer: { actions: number % 11 === 5 ? ['like'] : [] },
  };
};
