/** Short stories of pages and events as log records, for tests of what reads them. */
import { MINUTE } from '../../../src/core/clock.ts';
import { trackingId, type MemberId, type Millis, type RequestId } from '../../../src/core/ids.ts';
import { ALL_SIGNALS } from '../../../src/core/registry.ts';
import { encodeEvent } from '../../../src/funnel/codec.ts';
import type { ClientEvent } from '../../../src/funnel/events.ts';
import { encodeServed, type ServedPage } from '../../../src/funnel/served.ts';
import type { LogRecord, StoredRecord } from '../../../src/log/port.ts';

export const START: number = Date.UTC(2026, 5, 1, 12);

/** A request id of the feed's form, made at a time. */
export const requestAt = (at: number, tail = '00000000'): RequestId => `${at.toString(36).padStart(9, '0')}${tail}` as RequestId;

export interface PageStory { readonly at: number; readonly member: string; readonly items: readonly string[]; readonly tail?: string; readonly surface?: string; readonly variants?: Readonly<Record<string, string>>; readonly first?: number }

export const pageRecord = ({ at, member, items, tail, surface = 'feed', variants = {}, first = 0 }: PageStory): LogRecord => {
  const page: ServedPage = {
    layer: 'mixer', surface, sort: 'relevance', model: 'm1', weights: 'w1', rules: 'r1', journey: '', featureSet: 1, assignments: variants, consent: ALL_SIGNALS, eligible: items.length, eligibleDigest: 1, rankers: ['news', 'people'],
    items: items.map((item, place) => ({ candidate: place + 1, position: first + place, item, ranker: item.startsWith('member:') ? 1 : 0, reason: place, actors: [], propensity: 1, forced: false, scores: [], features: new Float32Array(2), value: 1, finalValue: 1 })),
    trace: '{}',
  };
  return { type: 'served', id: requestAt(at, tail), at: at as Millis, member: member as MemberId, deduplicate: 'never', payload: encodeServed(page) };
};

/** The tracking id of the n-th card of a page, from 0. */
export const cardOf = (page: LogRecord, place: number): string => trackingId(page.id as RequestId, place + 1);

export interface EventStory { readonly at: number; readonly member: string; readonly item: string; readonly receivedAt?: number; readonly sentAt?: number; readonly id: string; readonly trackingId?: string; readonly action?: string; readonly of?: string; readonly visibleMs?: number; readonly history?: boolean; readonly surface?: string }

/** An impression where no action is named. */
export const eventOf = ({ at, member, item, receivedAt = at, sentAt, id, trackingId: tracking, action, of, visibleMs, history = false, surface }: EventStory): LogRecord => {
  const common = { id, member: `member:${member}`, item, at: new Date(at).toISOString(), ...(sentAt === undefined ? {} : { sentAt: new Date(sentAt).toISOString() }), ...(surface === undefined ? {} : { surface }) };
  const event: ClientEvent = action === undefined
    ? { type: 'impression', ...common, trackingId: tracking ?? '', span: `${id}.0`, visibleMs: visibleMs ?? 1000 }
    : { type: 'action', ...common, action, ...(tracking === undefined ? {} : { trackingId: tracking }), ...(of === undefined ? {} : { of }) };
  return { type: 'event', id, at: at as Millis, member: member as MemberId, deduplicate: history ? 'history' : 'live', payload: encodeEvent(event, receivedAt as Millis) };
};

export const stored = (records: readonly LogRecord[]): readonly StoredRecord[] => records.map((record, sequence) => ({ ...record, sequence }));

export const minutes = (n: number): number => START + n * MINUTE;
