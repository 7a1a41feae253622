/**
 * What the layer that answers let out: served a second time, by candidate and place alone. Learning reads the mixer's record; this one tells which of its
 * cards left the building. Layout 1; bytes: 3 + surface + 6 for each card. It names nobody but the member whose record it is, and goes with them.
 */
import { createByteReader, createByteWriter } from '../core/bytes.ts';
import type { MemberId, Millis, RequestId } from '../core/ids.ts';
import type { LogRecord, StoredRecord } from '../log/port.ts';

const LAYOUT = 1;

/** The page that is answered: the id, member and time of its served record. */
export interface AnsweredPage { readonly requestId: RequestId; readonly member: string; readonly at: Millis; readonly surface: string }
export interface AnsweredCard { readonly candidate: number; /** Place in the whole list, from 0. */ readonly position: number }

const writer = createByteWriter(1024);

/** To be emitted in the same turn as the served record of the page: one flush covers both. */
export const answeredRecord = ({ requestId, member, at, surface }: AnsweredPage, cards: readonly AnsweredCard[]): LogRecord => {
  writer.u8(LAYOUT);
  writer.text(surface);
  writer.u16(cards.length);
  for (const { candidate, position } of cards) {
    writer.u16(candidate);
    writer.u32(position);
  }
  return { type: 'answered', id: requestId, at, member: member as MemberId, deduplicate: 'never', payload: writer.take() };
};

/** @throws RangeError for a payload that is cut short or of a newer layout */
export const decodeAnswered = ({ payload }: Pick<StoredRecord, 'payload'>): { readonly surface: string; readonly cards: readonly AnsweredCard[] } => {
  const reader = createByteReader(payload);
  const layout = reader.u8();
  if (layout !== LAYOUT) throw new RangeError(`answered layout ${layout} is newer than this version reads (${LAYOUT})`);
  const surface = reader.text();
  return { surface, cards: Array.from({ length: reader.u16() }, () => ({ candidate: reader.u16(), position: reader.u32() })) };
};
