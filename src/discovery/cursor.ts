/** Where "See all" goes on: the whole order as it stood on the first page, and the place in it. Nothing of it is kept by the server. */
import { ThroughlineError } from '../core/errors.ts';
import { createByteReader, createByteWriter } from '../core/bytes.ts';
import { hash32 } from '../core/random.ts';
import { createSealer } from '../core/seal.ts';

export interface CohortCursor {
  readonly cohort: string;
  /** When the first page was made, ms. */
  readonly createdAt: number;
  /** Items served so far. */
  readonly position: number;
  /** What came at this log sequence or later stays out. */
  readonly horizon: number;
  /** Dense items still to come, in order. */
  readonly items: Int32Array;
}

export interface CohortCursorCodec {
  encode(cursor: CohortCursor, member: string): string;
  /** @throws client/invalidCursor, client/cursorExpired */
  decode(text: string, asked: { readonly member: string; readonly cohort: string; readonly now: number }): CohortCursor;
}

const LAYOUT = 0xd1;
const writer = createByteWriter();

/** @param parts.digest of all names numbered up to and including this one: numbers mean the same as long as it does */
export const createCohortCursors = ({ secret, lifetimeMs, digest }: { readonly secret: Uint8Array; readonly lifetimeMs: number; readonly digest: (number: number) => number }): CohortCursorCodec => {
  const sealer = createSealer(secret);
  const meaning = (items: Int32Array): number => digest(items.reduce((largest, item) => Math.max(largest, item), 0));
  const invalid = (what: string): ThroughlineError => new ThroughlineError('client/invalidCursor', `${what}; ask for the first page without a cursor`);
  const expired = (what: string): ThroughlineError => new ThroughlineError('client/cursorExpired', `${what}; ask for the first page again, without a cursor`);
  return {
    encode: ({ cohort, createdAt, position, horizon, items }, member) => {
      writer.u8(LAYOUT);
      writer.u32(hash32(member));
      writer.text(cohort);
      writer.f64(createdAt);
      writer.f64(horizon);
      writer.u32(position);
      writer.u32(meaning(items));
      writer.u16(items.length);
      for (const item of items) writer.u32(item);
      return sealer.seal(writer.take(), member);
    },
    decode: (text, { member, cohort, now }) => {
      const { bytes, check } = sealer.unseal(text);
      if (bytes.length < 32 || bytes[0] !== LAYOUT) throw invalid('the cursor is not one of a cohort');
      const reader = createByteReader(bytes);
      reader.u8();
      if (reader.u32() !== hash32(member)) throw invalid('the cursor is not one of this member\'s cohorts');
      check(member);
      if (reader.text() !== cohort) throw invalid('the cursor is one of another cohort');
      const [createdAt, horizon, position, digested] = [reader.f64(), reader.f64(), reader.u32(), reader.u32()];
      if (now - createdAt > lifetimeMs) throw expired(`the cursor is older than ${Math.round(lifetimeMs / 60_000)} minutes`);
      const items = Int32Array.from({ length: reader.u16() }, () => reader.u32());
      if (meaning(items) !== digested) throw expired('the network was rebuilt since this cursor was made');
      return { cohort, createdAt, position, horizon, items };
    },
  };
};
