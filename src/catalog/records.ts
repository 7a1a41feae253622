/**
 * Entities as log payloads. Layout 1: the layout, then msgpack. Layout 2, where there are long lists of references: the layout, u32 bytes of
 * the msgpack, the msgpack without those lists, and of each list u32 bytes of all that follows of it, u8 bytes of its name, its name, and
 * the list packed (see packed.ts).
 */
import { pack, unpack } from 'msgpackr';
import type { EntityRef, Millis } from '../core/ids.ts';
import { packedIncludes, packReferences, unpackReferences } from './packed.ts';

const PLAIN = 1;
const PACKED = 2;
const HEAD_BYTES = 5;
/** Lists shorter than this are no smaller packed. */
const PACKED_MIN = 8;
const NAME_MAX_BYTES = 255;
const REFERENCE = /^[a-z][\w-]*:/iu;

/** An entity as somebody gives it: times in ISO 8601. */
export interface EntityInput { readonly kind: string; readonly id: string; readonly createdAt?: string; readonly attributes: Readonly<Record<string, unknown>> }

export interface StoredEntity extends EntityRef { readonly createdAt: Millis; readonly attributes: Readonly<Record<string, unknown>> }

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const isLongList = (value: unknown): value is readonly string[] => Array.isArray(value) && value.length >= PACKED_MIN && value.every((each) => typeof each === 'string' && REFERENCE.test(each) && !/\p{Surrogate}/u.test(each));

const packedList = (name: string, references: readonly string[]): Uint8Array => {
  const [nameBytes, list] = [encoder.encode(name), packReferences(references)];
  const out = new Uint8Array(HEAD_BYTES + nameBytes.length + list.length);
  viewOf(out).setUint32(0, out.length - 4, true);
  out[4] = nameBytes.length;
  out.set(nameBytes, HEAD_BYTES);
  out.set(list, HEAD_BYTES + nameBytes.length);
  return out;
};

const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { out.set(part, at); at += part.length; }
  return out;
};

export const encodeEntity = (entity: StoredEntity): Uint8Array => {
  const long = Object.entries(entity.attributes).filter((entry): entry is [string, readonly string[]] => isLongList(entry[1]) && encoder.encode(entry[0]).length <= NAME_MAX_BYTES);
  const names = new Set(long.map(([name]) => name));
  const attributes = long.length === 0 ? entity.attributes : Object.fromEntries(Object.entries(entity.attributes).filter(([name]) => !names.has(name)));
  const body = pack([entity.kind, entity.id, entity.createdAt, attributes]);
  if (long.length === 0) return joined([Uint8Array.of(PLAIN), body]);
  const head = new Uint8Array(HEAD_BYTES);
  head[0] = PACKED;
  viewOf(head).setUint32(1, body.length, true);
  return joined([head, body, ...long.map(([name, references]) => packedList(name, references))]);
};

/** Calls back for each packed list of a payload of layout 2: its name, and where its bytes begin and end. */
const eachPacked = (payload: Uint8Array, visit: (name: string, start: number, end: number) => void): void => {
  const view = viewOf(payload);
  for (let at = HEAD_BYTES + view.getUint32(1, true); at < payload.length;) {
    const [end, start] = [at + 4 + view.getUint32(at, true), at + HEAD_BYTES + (payload[at + 4] ?? 0)];
    visit(decoder.decode(payload.subarray(at + HEAD_BYTES, start)), start, end);
    at = end;
  }
};

/** @throws RangeError for a newer layout */
export const decodeEntity = (payload: Uint8Array): StoredEntity => {
  const layout = payload[0] ?? 0;
  if (layout !== PLAIN && layout !== PACKED) throw new RangeError(`entity layout ${layout} is newer than this version reads (${PACKED})`);
  const body = layout === PLAIN ? payload.subarray(1) : payload.subarray(HEAD_BYTES, HEAD_BYTES + viewOf(payload).getUint32(1, true));
  const [kind, id, createdAt, attributes] = unpack(body) as [string, string, Millis, Record<string, unknown>];
  if (layout === PLAIN) return { kind, id, createdAt, attributes };
  const lists: Record<string, readonly string[]> = {};
  eachPacked(payload, (name, start) => { lists[name] = unpackReferences({ bytes: payload, at: start }); });
  return { kind, id, createdAt, attributes: { ...attributes, ...lists } };
};

/** Whether a packed list of the entity names a reference; what stands outside of them is in the payload as it is written. */
export const namesPacked = (payload: Uint8Array, reference: string): boolean => {
  if (payload[0] !== PACKED) return false;
  let found = false;
  eachPacked(payload, (_name, start, end) => { found ||= packedIncludes({ bytes: payload.subarray(0, end), at: start }, reference); });
  return found;
};
