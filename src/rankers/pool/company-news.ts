import { DAY } from '../../core/clock.ts';
import { kindNumber, STATE } from '../../catalog/catalog.ts';
import { decay } from '../../journey/counters.ts';
import type { RankedList } from '../ranked-list.ts';
import type { FirstPassRanker, RankRequest } from '../ranker.ts';
import { reasonNumber, type ReasonCode } from '../reasons.ts';

/** Follows looked through for companies, the newest, and companies asked. */
const FOLLOWS_READ = 2000;
const COMPANIES_READ = 80;
/** Mentions looked through for news, the newest of each company, and news taken of them. */
const MENTIONS_READ = 24;
const NEWS_READ = 8;
const HALF_LIFE_MS: number = 3 * DAY;
const OLDEST_MS: number = 60 * DAY;
const COMPANY = kindNumber('company');
const ARTICLE = kindNumber('article');

/** What news of a company is worth by what it is to the viewer, and how it is said. */
const WORTH = { newsOfEmployer: 1.5, newsOfFollowed: 1, newsOfFormer: 0.5 } as const satisfies Partial<Record<ReasonCode, number>>;

/** Filled anew for each company: a list copies what it is told. */
const why = { reason: 0, actor: -1 };

const readCompany = ({ views: { catalog }, context }: RankRequest, into: RankedList, { company, reason }: { readonly company: number; readonly reason: keyof typeof WORTH }): void => {
  const { createdAt, kind, state } = catalog.items.columns;
  const { data, head } = catalog.edges.mentions.to.view;
  why.reason = reasonNumber(reason);
  why.actor = company;
  const block = head[company] ?? 0;
  const end = block + 2 + (data[block] ?? 0);
  let left = NEWS_READ;
  for (let at = end - 1; at >= Math.max(block + 2, end - MENTIONS_READ) && left > 0; at--) {
    const item = data[at] ?? 0;
    const age = context.now - (createdAt[item] ?? 0);
    if (kind[item] !== ARTICLE || state[item] !== STATE.alive || age >= OLDEST_MS) continue;
    into.add(item, WORTH[reason] * decay(age, HALF_LIFE_MS), why);
    left--;
  }
};

/** News that names companies which the viewer follows, works at or worked at, through the edges that mention them. Cost: at most 2,000 follows, and 24 mentions of each of 80 companies, whatever the inventory. */
export const companyNews: FirstPassRanker = {
  name: 'companyNews', about: 'news that names companies which you follow, work at or worked at',
  kinds: ['article'], signals: ['graph'], limit: 40,
  rank: (request, into) => {
    const { viewer, views: { catalog }, context } = request;
    const { kind } = catalog.items.columns;
    let left = COMPANIES_READ;
    const read = (company: number, reason: keyof typeof WORTH): void => { if (left-- > 0) readCompany(request, into, { company, reason }); };
    const { data, head } = catalog.edges.follows.from.view;
    if (context.allowed.profile) for (const company of catalog.edges.workedAt.from.values(viewer.number)) read(company, company === viewer.company ? 'newsOfEmployer' : 'newsOfFormer');
    const block = head[viewer.number] ?? 0;
    const end = block + 2 + (data[block] ?? 0);
    for (let at = end - 1; at >= Math.max(block + 2, end - FOLLOWS_READ) && left > 0; at--) {
      const company = data[at] ?? 0;
      // News of the employer is said to be that, and counted once.
      if (kind[company] === COMPANY && company !== viewer.company) read(company, 'newsOfFollowed');
    }
  },
};
