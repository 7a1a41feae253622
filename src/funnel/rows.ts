/** The funnel as rows of a table: one for each served card and layer, each impression and each action, with what it was joined to. */
import { idOf, kindOf, type Card } from './cards.ts';
import { ACTIONS } from '../core/registry.ts';
import { requestOf, type TrackingId } from '../core/ids.ts';
import { createJoiner, JOIN_DEFAULTS, type FunnelEvent, type Joiner, type JoinOptions } from './join.ts';
import type { Layer } from './served.ts';
import { createSessions } from './sessions.ts';

/** Name and DuckDB type of every column, in order. Times come as milliseconds since the epoch and become TIMESTAMPs (UTC). */
export const COLUMNS = {
  event_id: 'VARCHAR', type: 'VARCHAR', layer: 'VARCHAR', happened_at: 'TIMESTAMP', device_at: 'TIMESTAMP', received_at: 'TIMESTAMP', member: 'VARCHAR', session: 'INTEGER', item: 'VARCHAR', kind: 'VARCHAR', surface: 'VARCHAR',
  tracking_id: 'VARCHAR', request_id: 'VARCHAR', candidate: 'INTEGER', position: 'INTEGER', ranker: 'VARCHAR', reason: 'VARCHAR', action: 'VARCHAR', undo_of: 'VARCHAR', visible_ms: 'INTEGER',
  attributed_by: 'VARCHAR', loss: 'VARCHAR', model: 'VARCHAR', weights: 'VARCHAR', rules: 'VARCHAR', variants: 'JSON',
} as const;
export type Column = keyof typeof COLUMNS;
/** Absent: null. `variants` is an object, experiment key → variant. */
export type Row = Readonly<Partial<Record<Column, string | number | Readonly<Record<string, string>>>>> & { readonly happened_at: number };

export interface RowOptions {
  readonly join?: JoinOptions;
  /** The code of a reason by its row. */
  readonly reasonOf: (reason: number) => string;
  readonly onRow: (row: Row) => void;
}

/** Turns a log, record by record, into rows; in the order of the log, but for events that came before their page. */
export const createRows = ({ join = JOIN_DEFAULTS, reasonOf, onRow }: RowOptions): Joiner => {
  const sessions = createSessions();
  const cardColumns = (card: Card): Partial<Row> => ({
    tracking_id: idOf(card), request_id: card.page.requestId, candidate: card.candidate, position: card.position, ...(card.ranker === '' ? {} : { ranker: card.ranker }), reason: reasonOf(card.reason),
    model: card.page.model, weights: card.page.weights, rules: card.page.rules, variants: card.page.variants,
  });
  const served = (card: Card, at: number, layer: Layer): void => {
    const { member, surface } = card.page;
    onRow({ event_id: `${idOf(card)}.${layer}`, type: 'served', layer, happened_at: at, received_at: at, member: `member:${member}`, session: sessions.of(member, at), item: card.item, kind: kindOf(card.item), surface, ...cardColumns(card) });
  };
  const happened = ({ id, member, at, deviceAt, event, joined, loss }: FunnelEvent): void => {
    onRow({
      event_id: id, type: event.type, happened_at: at, device_at: deviceAt, received_at: event.receivedAt, member: `member:${member}`, session: sessions.of(member, at), item: event.item, kind: kindOf(event.item), surface: event.surface,
      ...(event.trackingId === '' ? {} : { tracking_id: event.trackingId, request_id: requestOf(event.trackingId as TrackingId) }),
      ...(event.type === 'impression' ? {} : { action: ACTIONS[event.action]?.name ?? 'unknown' }), ...(event.undo ? { undo_of: event.related } : {}), ...(event.visibleMs > 0 ? { visible_ms: event.visibleMs } : {}),
      ...(joined === undefined ? {} : { attributed_by: joined.by, ...cardColumns(joined.card) }), ...(loss === undefined ? {} : { loss }),
    });
  };
  return createJoiner({
    page: ({ at, cards }) => { for (const card of cards) served(card, at, 'mixer'); },
    answered: (cards, at) => { for (const card of cards) served(card, at, 'api'); },
    event: happened,
  }, join);
};
