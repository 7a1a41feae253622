/** Entities as log payloads: layout 1, then msgpack. */
import { pack, unpack } from 'msgpackr';
import type { EntityRef, Millis } from '../core/ids.ts';

const LAYOUT = 1;

/** An entity as somebody gives it: times in ISO 8601. */
export interface EntityInput { readonly kind: string; readonly id: string; readonly createdAt?: string; readonly attributes: Readonly<Record<string, unknown>> }

export interface StoredEntity extends EntityRef { readonly createdAt: Millis; readonly attributes: Readonly<Record<string, unknown>> }

export const encodeEntity = (entity: StoredEntity): Uint8Array => {
  const body = pack([entity.kind, entity.id, entity.createdAt, entity.attributes]);
  const payload = new Uint8Array(body.length + 1);
  payload[0] = LAYOUT;
  payload.set(body, 1);
  return payload;
};

/** @throws RangeError for a newer layout */
export const decodeEntity = (payload: Uint8Array): StoredEntity => {
  if (payload[0] !== LAYOUT) throw new RangeError(`entity layout ${payload[0]} is newer than this version reads (${LAYOUT})`);
  const [kind, id, createdAt, attributes] = unpack(payload.subarray(1)) as [string, string, Millis, Record<string, unknown>];
  return { kind, id, createdAt, attributes };
};
