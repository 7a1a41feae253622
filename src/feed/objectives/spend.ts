/**
 * What campaigns have spent, what they have promised, and what is being promised at this moment. A card that is served takes its price from the
 * budget at once; it gives it back if nobody reports, within a quarter of an hour, that what is paid for happened. So the threads of
 * one server together never promise more than there is. A projection, but for the one column that every thread writes, by atomic steps.
 */
import { HOUR, MINUTE } from '../../core/clock.ts';
import { trackingId, type RequestId } from '../../core/ids.ts';
import { hash32 } from '../../core/random.ts';
import { actionNumber } from '../../core/registry.ts';
import { decodeEvent } from '../../funnel/codec.ts';
import { PAID_FOR, sponsoredCards } from '../../funnel/served.ts';
import type { StoredRecord } from '../../log/port.ts';
import type { Space } from '../../memory/space.ts';
import { openTable, type Table } from '../../memory/structures.ts';
import { openPairs, type Pairs } from '../../memory/tables.ts';

/** How long a served card holds its price. What is reported later costs nothing: the budget may be somebody else's by then. */
export const HELD_MS: number = 15 * MINUTE;
/** In flight amounts are counted in hundred-thousandths, rounded up. */
const UNITS = 1e5;
/** Sums of money are compared with this much patience: they are sums of floats. */
const CENT = 1e-9;

const SPEND_SCHEMA = { spent: 'f64', promised: 'f64', cards: 'u32', paid: 'u32' } as const;
const CARD_SCHEMA = { campaign: 'i32', price: 'f64', state: 'u8' } as const;
const OPEN = 1;
const SETTLED = 2;
const GIVEN_BACK = 3;
const CLICK = actionNumber('click');
/** Served cards and clicks that a campaign is thought to have had before any were counted. */
const PRIOR = { cards: 100, paid: 1 };

export interface SpendParts {
  readonly most: number;
  readonly budget: (row: number) => number;
  /** Row of `PAID_FOR`. */
  readonly pays: (row: number) => number;
  /** Dense number + 1 of what it advertises. */
  readonly item: (row: number) => number;
  /** -1 where there is no such campaign, or entity. */
  readonly rowOf: (reference: string) => number;
  readonly find: (reference: string) => number;
}

export interface Spend {
  /** Of the budget, neither spent nor promised. */
  left(row: number): number;
  spent(row: number): number;
  /** How likely a card is to cost: 1 for impressions; for clicks what was seen of this campaign so far. */
  likelihood(row: number): number;
  /** Pages served by hour of the day, UTC. */
  visits(): ArrayLike<number>;
  /** Takes a price from the budget until the page is recorded. Any thread. @returns false where too little is left, and nothing is taken */
  reserve(row: number, price: number): boolean;
  /** Gives it back where the card was not served after all. */
  release(row: number, price: number): void;
  apply(record: StoredRecord): void;
}

type Keys = readonly [number, number];
interface Held { readonly keys: Keys; readonly at: number }
const keysOf = (tracking: string): Keys => [hash32(tracking) >>> 1, hash32(tracking, 0x9747b28c) >>> 1];
const units = (price: number): number => Math.ceil(price * UNITS - CENT);

/** What stands in memory, and the steps that change it. */
interface Accounts extends Pick<Spend, 'left' | 'reserve' | 'release'> {
  readonly cards: Pairs<typeof CARD_SCHEMA>;
  readonly columns: Table<typeof SPEND_SCHEMA>['columns'];
  /** @returns false where the card is known already */
  promise(keys: Keys, row: number, price: number): boolean;
  settle(keys: Keys, state: typeof SETTLED | typeof GIVEN_BACK): void;
}

const openAccounts = (space: Space, parts: SpendParts): Accounts => {
  const table = openTable(space, 'spend', SPEND_SCHEMA);
  const cards = openPairs(space, 'sponsoredCards', CARD_SCHEMA);
  let inFlight: Int32Array = new Int32Array();
  // Of its largest size from the start: a column that grows is copied, and a thread could write into the old one.
  space.bind('spend.inFlight', parts.most * 4, (buffer) => { inFlight = new Int32Array(buffer); });
  const { columns } = table;
  const without = (row: number): number => parts.budget(row) - (columns.spent[row] ?? 0) - (columns.promised[row] ?? 0);
  /** @returns false where what is in flight may not become this; tries again where another thread was faster */
  const change = (row: number, to: (now: number) => number | undefined): boolean => {
    for (;;) {
      const now = Atomics.load(inFlight, row);
      const next = to(now);
      if (next === undefined) return false;
      if (Atomics.compareExchange(inFlight, row, now, next) === now) return true;
    }
  };
  const reserve = (row: number, price: number): boolean => change(row, (now) => ((now + units(price)) / UNITS > without(row) + CENT ? undefined : now + units(price)));
  // Pages of an earlier run were reserved in a memory that is gone: there is nothing to give back.
  const release = (row: number, price: number): void => { change(row, (now) => Math.max(0, now - units(price))); };
  return {
    cards, columns, reserve, release,
    left: (row) => without(row) - Atomics.load(inFlight, row) / UNITS,
    promise: (keys, row, price) => {
      table.ensure(row);
      const at = cards.ensure(...keys);
      if (cards.columns.state[at] !== 0) return false;
      [cards.columns.campaign[at], cards.columns.price[at], cards.columns.state[at]] = [row + 1, price, OPEN];
      // Promised before it is no longer in flight: between the two it counts twice, which errs on the side of the budget.
      columns.promised[row] = (columns.promised[row] ?? 0) + price;
      columns.cards[row] = (columns.cards[row] ?? 0) + 1;
      release(row, price);
      return true;
    },
    settle: (keys, state) => {
      const at = cards.find(...keys);
      if (at < 0 || cards.columns.state[at] !== OPEN) return;
      const [row, price] = [(cards.columns.campaign[at] ?? 0) - 1, cards.columns.price[at] ?? 0];
      cards.columns.state[at] = state;
      if (state === SETTLED) {
        columns.spent[row] = (columns.spent[row] ?? 0) + price;
        columns.paid[row] = (columns.paid[row] ?? 0) + 1;
      }
      columns.promised[row] = Math.max(0, (columns.promised[row] ?? 0) - price);
    },
  };
};

export const openSpend = (space: Space, parts: SpendParts): Spend => {
  const { cards, columns, left, reserve, release, promise, settle } = openAccounts(space, parts);
  const hours = openTable(space, 'visits', { pages: 'f64' });
  /** Cards that hold their price, oldest first. Only the writer needs them. */
  let held: Held[] = [];
  let first = 0;
  let latest = 0;

  const giveBack = (): void => {
    for (let card = held[first]; card !== undefined && card.at + HELD_MS < latest; card = held[++first]) settle(card.keys, GIVEN_BACK);
    if (first > 1024 && first * 2 > held.length) { held = held.slice(first); first = 0; }
  };
  const served = (record: StoredRecord): void => {
    latest = Math.max(latest, record.at);
    const hour = Math.floor(record.at / HOUR) % 24;
    hours.columns.pages[hour] = (hours.columns.pages[hour] ?? 0) + 1;
    for (const { candidate, campaign, price } of sponsoredCards(record.payload)) {
      const row = parts.rowOf(campaign);
      const keys = keysOf(trackingId(record.id as RequestId, candidate));
      if (row >= 0 && promise(keys, row, price)) held.push({ keys, at: record.at });
    }
    giveBack();
  };
  const happened = (record: StoredRecord): void => {
    const event = decodeEvent(record.payload);
    const what = event.type === 'impression' ? 'impressions' : event.action === CLICK && !event.undo ? 'click' : undefined;
    if (event.trackingId === '' || what === undefined) return;
    const keys = keysOf(event.trackingId);
    const at = cards.find(...keys);
    const row = at < 0 ? -1 : (cards.columns.campaign[at] ?? 0) - 1;
    if (row < 0 || PAID_FOR[parts.pays(row)] !== what || parts.find(event.item) + 1 !== parts.item(row)) return;
    settle(keys, SETTLED);
  };
  return {
    left, reserve, release,
    spent: (row) => columns.spent[row] ?? 0,
    likelihood: (row) => (PAID_FOR[parts.pays(row)] === 'impressions' ? 1 : ((columns.paid[row] ?? 0) + PRIOR.paid) / ((columns.cards[row] ?? 0) + PRIOR.cards)),
    visits: () => hours.columns.pages,
    apply: (record) => {
      if (record.type === 'served') served(record);
      else if (record.type === 'event') happened(record);
    },
  };
};
