/**
 * A feed cursor holds everything needed to go on: it survives restarts and other workers because nothing of it is kept.
 * Relevance: the ranked list as of the first page and the place in it, then the rest of the timeline as it stood then.
 * Recent: the place in the timeline. Signed, so that only cursors of this store come back; bound to one member.
 */
import { ThroughlineError } from '../core/errors.ts';
import { hash32 } from '../core/random.ts';
import { createSealer } from '../core/seal.ts';
import type { FeedSort } from '../feed/query.ts';

export interface CursorState {
  readonly sort: FeedSort;
  /** When the first page was made, ms. */
  readonly createdAt: number;
  /** Items added at this log sequence or later came after the first page and stay out. */
  readonly horizon: number;
  /** Items served so far. */
  readonly position: number;
  /** Dense items ranked on the first page, in order, and how many of them are behind us. */
  readonly ranked: Int32Array;
  readonly offset: number;
  /** Which of them are sponsored: place in `ranked` and dense number of the campaign; and the place in the feed of the last one served, -1 for none. */
  readonly sponsored: readonly { readonly place: number; readonly campaign: number }[];
  readonly lastSponsored: number;
  /** The timeline is served down to, and without, this item; `createdAt` Infinity: not begun. */
  readonly tail: { readonly createdAt: number; readonly item: number };
}

/** The order that was fixed on the first page, how much of it is behind us, and what of the rest is paid for. */
export type Fixed = Pick<CursorState, 'ranked' | 'offset' | 'sponsored'>;

export interface CursorCodec {
  encode(state: CursorState, member: string): string;
  /** @throws client/invalidCursor, client/cursorExpired */
  decode(text: string, member: string, now: number): CursorState;
}

export interface CursorParts {
  readonly secret: Uint8Array;
  readonly lifetimeMs: number;
  /** A digest of all names numbered up to and including this one (see `Dictionary.digest`). */
  readonly digest: (number: number) => number;
}

/** Layout 2 tells of sponsored cards; a cursor without any is written as layout 1, which every version reads. */
const LAYOUT = 1;
const SPONSORED_LAYOUT = 2;
const HEADER = 44;

const invalid = (detail: string): ThroughlineError => new ThroughlineError('client/invalidCursor', `${detail}; ask for the first page without a cursor`);
const expired = (detail: string): ThroughlineError => new ThroughlineError('client/cursorExpired', `${detail}; ask for the first page again, without a cursor`);

export const createCursorCodec = ({ secret, lifetimeMs, digest }: CursorParts): CursorCodec => {
  const sealer = createSealer(secret);
  /** Numbers mean the same as long as the names behind the largest one do. */
  const meaning = ({ ranked, tail, sponsored }: Pick<CursorState, 'ranked' | 'tail' | 'sponsored'>): { readonly largest: number; readonly digest: number } => {
    let largest = tail.item;
    for (const item of ranked) if (item > largest) largest = item;
    for (const { campaign } of sponsored) if (campaign > largest) largest = campaign;
    return { largest, digest: digest(largest) };
  };
  return {
    encode: (state, member) => {
      const hasSponsored = state.sponsored.length > 0 || state.lastSponsored >= 0;
      const bytes = Buffer.allocUnsafe(HEADER + (state.ranked.length + 2 * state.sponsored.length + 2) * 5);
      const check = meaning(state);
      bytes.writeUInt8(hasSponsored ? SPONSORED_LAYOUT : LAYOUT, 0);
      bytes.writeUInt8(state.sort === 'recent' ? 1 : 0, 1);
      bytes.writeDoubleLE(state.createdAt, 2);
      bytes.writeDoubleLE(state.horizon, 10);
      bytes.writeUInt32LE(state.position, 18);
      bytes.writeUInt32LE(hash32(member), 22);
      bytes.writeUInt32LE(check.digest, 26);
      bytes.writeUInt16LE(state.offset, 30);
      bytes.writeDoubleLE(state.tail.createdAt, 32);
      bytes.writeUInt32LE(state.tail.item, 40);
      let at = HEADER;
      const write = (value: number): void => {
        for (; value > 127; value >>>= 7) bytes[at++] = (value & 127) | 128;
        bytes[at++] = value;
      };
      if (hasSponsored) {
        write(state.lastSponsored + 1);
        write(state.sponsored.length);
        for (const { place, campaign } of state.sponsored) { write(place); write(campaign); }
      }
      for (const item of state.ranked) write(item);
      return sealer.seal(bytes.subarray(0, at), member);
    },
    decode: (text, member, now) => {
      const { bytes, check } = sealer.unseal(text);
      const end = bytes.length;
      if (end < HEADER || (bytes[0] !== LAYOUT && bytes[0] !== SPONSORED_LAYOUT)) throw invalid('the cursor is not one that this server gave out');
      if (bytes.readUInt32LE(22) !== hash32(member)) throw invalid('the cursor is not one of this member\'s feed');
      check(member);
      const createdAt = bytes.readDoubleLE(2);
      if (now - createdAt > lifetimeMs) throw expired(`the cursor is older than ${Math.round(lifetimeMs / 60_000)} minutes`);
      let at = HEADER;
      const read = (): number => {
        let value = 0;
        for (let shift = 0; ; shift += 7) {
          const byte = bytes[at++] ?? 0;
          value |= (byte & 127) << shift;
          if (byte < 128) return value;
        }
      };
      const hasSponsored = bytes[0] === SPONSORED_LAYOUT;
      const lastSponsored = hasSponsored ? read() - 1 : -1;
      const sponsored = Array.from({ length: hasSponsored ? read() : 0 }, () => ({ place: read(), campaign: read() }));
      const ranked: number[] = [];
      while (at < end) ranked.push(read());
      const state: CursorState = {
        sort: bytes.readUInt8(1) === 1 ? 'recent' : 'relevance', createdAt, horizon: bytes.readDoubleLE(10), position: bytes.readUInt32LE(18),
        sponsored, lastSponsored, ranked: Int32Array.from(ranked), offset: bytes.readUInt16LE(30), tail: { createdAt: bytes.readDoubleLE(32), item: bytes.readUInt32LE(40) },
      };
      if (meaning(state).digest !== bytes.readUInt32LE(26)) throw expired('the network was rebuilt since this cursor was made');
      return state;
    },
  };
};
