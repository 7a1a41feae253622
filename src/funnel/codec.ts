/** Client events as log payloads: layout 1. Old layouts are read for ever (test/fixtures/log). */
import { createByteReader, createByteWriter } from '../core/bytes.ts';
import type { Millis } from '../core/ids.ts';
import { actionNumber, ACTIONS, BUILT_IN_ACTIONS } from '../core/registry.ts';
import type { ClientEvent } from './events.ts';

const LAYOUT = 1;
const IMPRESSION = 0;
const ACTION = 1;
/** In place of a number: the name follows at the end, for numbers of plug-ins hold for one process. */
const BY_NAME = 255;

/** Where no plug-in of this process knows the action: the event stays in the log and changes nothing. */
export const UNKNOWN_ACTION = -1;

/** An event as stored. `item` is a reference as text; empty texts stand for what was absent. */
export interface StoredEvent {
  readonly type: 'impression' | 'action';
  /** Row of the action registry; 0 for impressions, `UNKNOWN_ACTION` where its plug-in is missing. */
  readonly action: number;
  readonly undo: boolean;
  readonly item: string;
  readonly trackingId: string;
  readonly surface: string;
  readonly visibleMs: number;
  /** The span of an impression, or the event that an undo undoes. */
  readonly related: string;
  /** When the client sent it (0: it did not say) and when the server received it. */
  readonly sentAt: Millis;
  readonly receivedAt: Millis;
}

const writer = createByteWriter(1024);

export const encodeEvent = (event: ClientEvent, receivedAt: Millis): Uint8Array => {
  writer.u8(LAYOUT);
  writer.f64(event.sentAt === undefined ? 0 : Date.parse(event.sentAt));
  writer.f64(receivedAt);
  writer.u8(event.type === 'impression' ? IMPRESSION : ACTION);
  const action = event.type === 'action' ? actionNumber(event.action) : 0;
  writer.u8(action < BUILT_IN_ACTIONS ? action : BY_NAME);
  writer.u8(event.type === 'action' && event.of !== undefined ? 1 : 0);
  writer.u32(event.visibleMs ?? 0);
  writer.text(event.item);
  writer.text(event.trackingId ?? '');
  writer.text(event.surface ?? 'feed');
  writer.text((event.type === 'impression' ? event.span : event.of) ?? '');
  if (action >= BUILT_IN_ACTIONS) writer.text(ACTIONS[action]?.name ?? '');
  return writer.take();
};

/** Layout, send and receive time: what may differ between two sendings of the same event. */
export const EVENT_ENVELOPE_BYTES = 17;

/** @throws RangeError for a payload that is cut short or of a newer layout */
export const decodeEvent = (payload: Uint8Array): StoredEvent => {
  const reader = createByteReader(payload);
  const layout = reader.u8();
  if (layout !== LAYOUT) throw new RangeError(`event layout ${layout} is newer than this version reads (${LAYOUT})`);
  const sentAt = reader.f64() as Millis;
  const receivedAt = reader.f64() as Millis;
  const type = reader.u8() === IMPRESSION ? 'impression' : 'action';
  const action = reader.u8();
  if (action >= BUILT_IN_ACTIONS && action !== BY_NAME) throw new RangeError(`action number ${action} is not one of this version`);
  const undo = reader.u8() === 1;
  const visibleMs = reader.u32();
  const stored = { type, action, undo, visibleMs, sentAt, receivedAt, item: reader.text(), trackingId: reader.text(), surface: reader.text(), related: reader.text() } as const;
  if (action !== BY_NAME) return stored;
  const name = reader.text();
  return { ...stored, action: ACTIONS.findIndex((row) => row.name === name) };
};
