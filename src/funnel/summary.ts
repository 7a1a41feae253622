/** The funnel counted: per surface and kind how many cards were served, left, were seen and acted on; sessions; what was joined and what was lost. */
import { ACTIONS } from '../core/registry.ts';
import { kindOf, type Card } from './cards.ts';
import { createJoiner, JOIN_DEFAULTS, type FunnelEvent, type JoinedBy, type Joiner, type JoinOptions } from './join.ts';
import type { Loss } from './loss.ts';
import { createSessions } from './sessions.ts';

export interface Done {
  /** Events; cards on which it was done at least once; events that took it back. */
  readonly events: number;
  readonly cards: number;
  readonly undone: number;
}

export interface FunnelRow {
  readonly surface: string;
  readonly kind: string;
  /** Cards that the mixer served, those of them that left, and those that came into view. */
  readonly served: number;
  readonly answered: number;
  readonly seen: number;
  readonly impressions: number;
  /** Seconds in view, of all impressions. */
  readonly visibleSeconds: number;
  /** Cards with at least one action that members do because they like something. */
  readonly acted: number;
  readonly actions: Readonly<Record<string, Done>>;
}

export interface EventCount {
  readonly events: number;
  /** Joined, by what; those without a tracking id that nothing we served led to; and those lost, by cause. */
  readonly joined: Readonly<Partial<Record<JoinedBy, number>>>;
  readonly elsewhere: number;
  readonly lost: Readonly<Partial<Record<Loss, number>>>;
  /** Of the events with a tracking id: the share that has its card; 1 where there are none. */
  readonly shareJoined: number;
}

export interface FunnelSummary {
  readonly pages: number;
  readonly members: number;
  readonly sessions: number;
  /** Time of the first and of the last record; absent in an empty store. */
  readonly from?: number;
  readonly to?: number;
  readonly rows: readonly FunnelRow[];
  readonly impressions: EventCount;
  readonly actions: EventCount;
  /** Some of what was lost, to be looked into. */
  readonly examples: readonly { readonly event: string; readonly trackingId: string; readonly loss: Loss }[];
}

const EXAMPLES = 20;

interface RowCount { served: number; answered: number; seen: number; impressions: number; visibleMs: number; acted: number; readonly actions: Map<string, { events: number; cards: number; undone: number }> }
interface Tally { events: number; elsewhere: number; readonly joined: Partial<Record<JoinedBy, number>>; readonly lost: Partial<Record<Loss, number>> }

const tally = (): Tally => ({ events: 0, elsewhere: 0, joined: {}, lost: {} });

const countEvent = (into: Tally, { joined, loss }: FunnelEvent): void => {
  into.events++;
  if (joined !== undefined) into.joined[joined.by] = (into.joined[joined.by] ?? 0) + 1;
  else if (loss === undefined) into.elsewhere++;
  else into.lost[loss] = (into.lost[loss] ?? 0) + 1;
};

const shareOf = ({ joined, lost }: Tally): number => {
  const missed = Object.values(lost).reduce((sum, count) => sum + count, 0);
  const found = joined.trackingId ?? 0;
  return found + missed === 0 ? 1 : found / (found + missed);
};

const countOnCard = (row: RowCount, card: Card, { event, isFirst }: FunnelEvent): void => {
  if (event.type === 'impression') {
    row.impressions++;
    row.visibleMs += event.visibleMs;
    if (isFirst) row.seen++;
    return;
  }
  const action = ACTIONS[event.action];
  const name = action?.name ?? 'unknown';
  const done = row.actions.get(name) ?? { events: 0, cards: 0, undone: 0 };
  row.actions.set(name, done);
  if (event.undo) { done.undone++; return; }
  done.events++;
  if (isFirst) done.cards++;
  if (isFirst && action?.polarity === 1 && !card.liked) {
    card.liked = true;
    row.acted++;
  }
};

export interface SummaryCounter extends Joiner { result(): FunnelSummary }

/** Counts what a log tells, record by record; `end` before `result`. */
export const createSummary = (options: JoinOptions = JOIN_DEFAULTS): SummaryCounter => {
  const rows = new Map<string, RowCount>();
  const sessions = createSessions();
  const counts = { impression: tally(), action: tally() };
  const examples: { event: string; trackingId: string; loss: Loss }[] = [];
  let pages = 0;
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const rowOf = ({ page: { surface }, item }: Card): RowCount => {
    const key = `${surface} ${kindOf(item)}`;
    const row = rows.get(key) ?? { served: 0, answered: 0, seen: 0, impressions: 0, visibleMs: 0, acted: 0, actions: new Map() };
    rows.set(key, row);
    return row;
  };
  const happened = (member: string, at: number): void => {
    sessions.of(member, at);
    from = Math.min(from, at);
    to = Math.max(to, at);
  };
  const joiner = createJoiner({
    page: ({ member, at, cards }) => {
      pages++;
      happened(member, at);
      for (const card of cards) rowOf(card).served++;
    },
    answered: (cards) => { for (const card of cards) rowOf(card).answered++; },
    event: (event) => {
      happened(event.member, event.at);
      countEvent(counts[event.event.type], event);
      if (event.joined !== undefined) countOnCard(rowOf(event.joined.card), event.joined.card, event);
      if (event.loss !== undefined && examples.length < EXAMPLES) examples.push({ event: event.id, trackingId: event.event.trackingId, loss: event.loss });
    },
  }, options);
  return {
    ...joiner,
    result: () => ({
      pages, members: sessions.members(), sessions: sessions.count(), ...(from <= to ? { from, to } : {}),
      rows: [...rows].map(([key, { visibleMs, actions, ...row }]): FunnelRow => {
        const [surface = '', kind = ''] = key.split(' ');
        return { surface, kind, ...row, visibleSeconds: Math.round(visibleMs / 1000), actions: Object.fromEntries([...actions].toSorted(([, a], [, b]) => b.events - a.events)) };
      }).toSorted((a, b) => b.served - a.served),
      impressions: { ...counts.impression, shareJoined: shareOf(counts.impression) }, actions: { ...counts.action, shareJoined: shareOf(counts.action) }, examples,
    }),
  };
};
