/** Sponsored campaigns: a company pays for an update or a job to be seen, for some days and by whom it is meant for. */
import { DAY } from '../core/clock.ts';
import { normal } from '../core/random.ts';
import type { Random } from '../core/random.ts';
import { exponential, pick } from './chance.ts';
import { createJob, entity, slotsOf, topicsOf, type Birth, type Entity } from './content.ts';
import type { Scalars } from './parameters.ts';
import { FIELDS } from './text/fields.ts';
import { PROMOTIONS, fill } from './text/frames.ts';
import type { Company } from './people.ts';

/** An update rather than a job is promoted, and is paid for by the click rather than by the impression. */
const UPDATES = 0.65;
const BY_CLICK = 0.6;
/** A thousand impressions cost as much as so many clicks. */
const CLICKS_A_THOUSAND = 12;
/** Bids and budgets differ between campaigns: standard deviation of their logarithm. */
const SPREAD = 0.5;
/** Meant for an industry, for a topic, or for everybody. */
const BY_INDUSTRY = 0.45;
const BY_TOPIC = 0.3;

const cents = (amount: number): number => Math.max(0.01, Math.round(100 * amount) / 100);
const about = (random: Random, median: number): number => median * Math.exp(SPREAD * normal(random));

const targetingOf = (random: Random, company: Company, topics: readonly string[]): Readonly<Record<string, unknown>> => {
  const draw = random.next();
  if (draw < BY_INDUSTRY) return { targeting: { industries: [FIELDS[company.field]?.industry ?? ''] } };
  return draw < BY_INDUSTRY + BY_TOPIC ? { targeting: { topics } } : {};
};

/** What is promoted, then its campaign, which begins at once. */
export const createCampaign = (random: Random, { id, at }: Birth, { companies, values }: { readonly companies: readonly Company[]; readonly values: Scalars }): readonly Entity[] => {
  const company = pick(random, companies);
  const birth = { id: `${id}p`, at };
  const topic = pick(random, topicsOf([company.field]));
  const item = random.next() < UPDATES
    ? entity('post', birth, { text: fill(pick(random, PROMOTIONS), slotsOf(random, topic, [company])), author: company.ref, topics: [topic.name], language: 'en' })
    : createJob(random, birth, [company]);
  const days = Math.max(0.5, exponential(random, values.campaignDays));
  const clicks = random.next() < BY_CLICK;
  const bid = about(random, values.bidPerClick) * (clicks ? 1 : CLICKS_A_THOUSAND);
  const topics = item.attributes['topics'] as readonly string[];
  return [item, entity('campaign', { id, at }, {
    item: `${item.kind}:${item.id}`, advertiser: company.ref, pays: clicks ? 'click' : 'impressions', bid: cents(bid), budget: cents(days * about(random, values.campaignBudget)), currency: 'EUR',
    startsAt: new Date(at).toISOString(), endsAt: new Date(at + Math.round(days * DAY)).toISOString(), ...targetingOf(random, company, topics),
  })];
};
