/** Who pays for what, for whom it is meant, and what is left: campaigns as columns with an index by targeting. A projection. */
import type { Catalog } from '../../catalog/catalog.ts';
import { decodeEntity, type StoredEntity } from '../../catalog/records.ts';
import type { MemberId } from '../../core/ids.ts';
import { PAID_FOR } from '../../funnel/served.ts';
import type { StoredRecord } from '../../log/port.ts';
import type { Space } from '../../memory/space.ts';
import { openTable, type Table } from '../../memory/structures.ts';
import { openSpend, type Spend } from './spend.ts';
import { EVERYBODY, openTargeting, PER_ENTRY, type Targeting } from './targeting.ts';
import { dayCurve, paceOf, plannedShare } from './pacing.ts';

/** Campaigns there is room for; whatever comes after them is never served. */
export const MOST_CAMPAIGNS = 65_536;

const SCHEMA = {
  /** Dense numbers + 1; 0 for none. */
  entity: 'i32', item: 'i32', advertiser: 'i32',
  alive: 'u8',
  /** Row of `PAID_FOR`. */
  pays: 'u8',
  /** Of one click or one impression; and in all. */
  bid: 'f64', budget: 'f64',
  startsAt: 'f64', endsAt: 'f64',
  /** Its three letters, a byte each. */
  currency: 'u32',
} as const;

/** The campaigns that may bid for a request, best first by bid and what is known of their clicks, with what each bids now. */
export interface Bidders { size: number; readonly row: Int32Array; readonly price: Float64Array; readonly worth: Float64Array }
export const createBidders = (most: number): Bidders => ({ size: 0, row: new Int32Array(most), price: new Float64Array(most), worth: new Float64Array(most) });

export interface Audience {
  readonly member: number;
  readonly now: number;
  /** Whether the member lets their profile be used; else only campaigns for everybody bid. */
  readonly profile: boolean;
  /** Of the bids that can be compared, such as EUR. */
  readonly currency: string;
}

export interface Campaigns {
  readonly columns: Table<typeof SCHEMA>['columns'];
  readonly spend: Spend;
  /** -1 where there is no such campaign. @param entity its dense number */
  rowOf(entity: number): number;
  paysForClicks(row: number): boolean;
  /** Whether it may be shown to this member, whatever it bids. */
  isFor(row: number, audience: Audience): boolean;
  /** Fills `into`, as many as there is room for. */
  bidders(audience: Audience, into: Bidders): void;
  /** What campaigns bid now for one click or impression, by row; 0 where one does not run or is far ahead of its plan. */
  prices(now: number): (row: number) => number;
  apply(record: StoredRecord): void;
  /** Before the catalogue forgets. */
  forget(member: MemberId): void;
}

/** Keeps the bidders of most worth in order; there are few. */
const enter = (into: Bidders, row: number, { price, worth }: { readonly price: number; readonly worth: number }): void => {
  for (let i = 0; i < into.size; i++) if (into.row[i] === row) return;
  let at = into.size < into.row.length ? into.size++ : into.size;
  for (; at > 0 && (into.worth[at - 1] ?? 0) < worth; at--) {
    if (at === into.row.length) continue;
    into.row[at] = into.row[at - 1] ?? 0;
    into.price[at] = into.price[at - 1] ?? 0;
    into.worth[at] = into.worth[at - 1] ?? 0;
  }
  if (at === into.row.length) return;
  [into.row[at], into.price[at], into.worth[at]] = [row, price, worth];
};

const lettersOf = (currency: string): number => ((currency.charCodeAt(0) & 255) << 16) | ((currency.charCodeAt(1) & 255) << 8) | (currency.charCodeAt(2) & 255);

/** Prices are written down in millionths. */
const inMillionths = (price: number): number => Math.floor(price * 1e6) / 1e6;

interface Writing {
  readonly catalog: Catalog; readonly targeting: Targeting; readonly columns: Campaigns['columns'];
  readonly rowOf: (entity: number) => number;
  /** -1 where there is no room. */
  readonly newRow: (entity: number) => number;
}

const openWriting = ({ catalog, targeting, columns, rowOf, newRow }: Writing): { put(entity: StoredEntity): void; remove(entity: number): void } => {
  const put = ({ kind, id, attributes }: StoredEntity): void => {
    const entity = catalog.intern(`${kind}:${id}`);
    const known = rowOf(entity);
    const row = known >= 0 ? known : newRow(entity);
    if (row < 0) return;
    const text = (name: string): string => { const value = attributes[name]; return typeof value === 'string' ? value : ''; };
    const isPerImpression = attributes['pays'] === 'impressions';
    columns.entity[row] = entity + 1;
    columns.item[row] = catalog.intern(text('item')) + 1;
    columns.advertiser[row] = text('advertiser') === '' ? 0 : catalog.intern(text('advertiser')) + 1;
    columns.pays[row] = PAID_FOR.indexOf(isPerImpression ? 'impressions' : 'click');
    // A bid for impressions is for a thousand of them.
    columns.bid[row] = Number(attributes['bid']) / (isPerImpression ? 1000 : 1);
    columns.budget[row] = Number(attributes['budget']);
    columns.startsAt[row] = Date.parse(text('startsAt'));
    columns.endsAt[row] = Date.parse(text('endsAt'));
    columns.currency[row] = lettersOf(text('currency'));
    columns.alive[row] = 1;
    targeting.target(row, attributes);
  };
  const remove = (entity: number): void => {
    const row = rowOf(entity);
    if (row < 0) return;
    columns.alive[row] = 0;
    targeting.target(row, {});
  };
  return { put, remove };
};

export const openCampaigns = (space: Space, catalog: Catalog): Campaigns => {
  const table = openTable(space, 'campaigns', SCHEMA);
  const { columns } = table;
  const rows = openTable(space, 'campaignRows', { row: 'i32' });
  const targeting = openTargeting(space);
  let count: Int32Array = new Int32Array();
  space.bind('campaigns.count', 4, (buffer) => { count = new Int32Array(buffer); });
  const rowOf = (entity: number): number => (rows.columns.row[entity] ?? 0) - 1;
  const spend = openSpend(space, { most: MOST_CAMPAIGNS, budget: (row) => columns.budget[row] ?? 0, pays: (row) => columns.pays[row] ?? 0, item: (row) => columns.item[row] ?? 0, rowOf: (reference) => rowOf(catalog.find(reference)), find: catalog.find });

  const { put, remove } = openWriting({ catalog, targeting, columns, rowOf, newRow: (entity) => {
    const row = count[0] ?? 0;
    if (row >= MOST_CAMPAIGNS) return -1;
    count[0] = row + 1;
    table.ensure(row);
    rows.ensure(entity);
    rows.columns.row[entity] = row + 1;
    return row;
  } });
  const priceAt = (row: number, now: number, curve: Float64Array): number => {
    const [startsAt, endsAt, budget] = [columns.startsAt[row] ?? 0, columns.endsAt[row] ?? 0, columns.budget[row] ?? 0];
    if (columns.alive[row] !== 1 || now < startsAt || now >= endsAt) return 0;
    return inMillionths((columns.bid[row] ?? 0) * paceOf({ taken: budget - spend.left(row), budget, planned: plannedShare(curve, { startsAt, endsAt }, now) }));
  };
  return {
    columns, spend, rowOf,
    prices: (now) => { const curve = dayCurve(spend.visits()); return (row) => priceAt(row, now, curve); },
    paysForClicks: (row) => PAID_FOR[columns.pays[row] ?? 0] === 'click',
    isFor: (row, { member, profile, currency }) => columns.currency[row] === lettersOf(currency) && (targeting.isForEverybody(row) || (profile && member >= 0 && targeting.matches(row, member))),
    bidders: ({ member, now, profile, currency }, into) => {
      into.size = 0;
      if ((count[0] ?? 0) === 0) return;
      const curve = dayCurve(spend.visits());
      const money = lettersOf(currency);
      const look = (entry: number): void => {
        const { data, head } = targeting.byEntry.view;
        const block = head[entry] ?? 0;
        const end = block + 2 + (data[block] ?? 0);
        for (let at = end - 1; at >= Math.max(block + 2, end - PER_ENTRY); at--) {
          const row = data[at] ?? 0;
          if (columns.currency[row] !== money) continue;
          const price = priceAt(row, now, curve);
          if (price > 0 && spend.left(row) >= price && (entry === EVERYBODY || targeting.matches(row, member))) enter(into, row, { price, worth: price * spend.likelihood(row) });
        }
      };
      look(EVERYBODY);
      if (!profile || member < 0) return;
      const { data, head } = targeting.entriesOf.view;
      const block = head[member] ?? 0;
      for (let at = block + 2; at < block + 2 + (data[block] ?? 0); at++) look(data[at] ?? 0);
    },
    apply: (record) => {
      switch (record.type) {
        case 'entity': {
          const entity = decodeEntity(record.payload);
          if (entity.kind === 'campaign') put(entity);
          else if (entity.kind === 'member') targeting.describe(catalog.intern(`member:${entity.id}`), entity.attributes);
          break;
        }
        case 'entityDeleted': remove(catalog.find(new TextDecoder().decode(record.payload.subarray(1)))); break;
        case 'served': case 'event': spend.apply(record); break;
        case 'consent': case 'erasure': case 'model': case 'experiment': case 'answered': break;
        default: record.type satisfies never;
      }
    },
    forget: (member) => {
      const number = catalog.find(`member:${member}`);
      if (number >= 0) targeting.forget(number, { members: catalog.entities.size(), campaigns: count[0] ?? 0 });
    },
  };
};
