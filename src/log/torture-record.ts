/** Records whose payload follows from their number, so that whoever finds one can tell whether it is whole. */
import type { MemberId, Millis } from '../core/ids.ts';
import { seededRandom } from '../core/random.ts';
import type { LogRecord } from './port.ts';

export const tortureRecord = (number: number, at: Millis): LogRecord =>
  ({ type: 'event', id: `torture-${number}`, at, member: `m${number % 100}` as MemberId, deduplicate: 'live', payload: torturePayload(number) });

/** 20 to 420 bytes. */
export const torturePayload = (number: number): Uint8Array => {
  const random = seededRandom(number);
  const payload = new Uint8Array(20 + Math.floor(random.next() * 400));
  for (let i = 0; i < payload.length; i += 4) payload[i] = Math.floor(random.next() * 256);
  return payload;
};
