/** Somebody's entity into a log record. */
import { z } from 'zod';
import { MINUTE } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import { formatRef, parseRef, printable, type MemberId, type Millis } from '../core/ids.ts';
import { ENTITY_KINDS } from '../core/registry.ts';
import { validate, type Schema } from '../core/validation.ts';
import type { LogRecord } from '../log/port.ts';
import { idSchema, kindRow, kindSchema, timeSchema, type KindRow } from './kinds.ts';
import { encodeEntity } from './records.ts';

const entitySchema = z.strictObject({ kind: kindSchema, id: idSchema, createdAt: timeSchema.optional(), attributes: z.record(z.string(), z.unknown()).default({}) });

/** How far ahead of ours another's clock may run. */
export const CLOCK_SKEW_MS: number = 5 * MINUTE;

/** Whose record it is: a member's own, or that of the member who wrote it. */
const ownerOf = (kind: string, id: string, author: unknown): MemberId | undefined => {
  if (kind === 'member') return id as MemberId;
  if (typeof author !== 'string') return undefined;
  const reference = parseRef(author);
  return reference.kind === 'member' ? (reference.id as MemberId) : undefined;
};

/** Faults name the field from the record's root. */
const attributesOf = (row: KindRow, attributes: unknown): Readonly<Record<string, unknown>> =>
  validate(z.object({ attributes: row.attributes }) as Schema<{ readonly attributes: Record<string, unknown> }>, { attributes }).attributes;

export interface EntityRecordOptions {
  readonly now: Millis;
  readonly recordId: string;
  /** When an entity that is there already was made: a write that does not say keeps that. */
  readonly createdBefore?: (reference: string) => Millis | undefined;
}

/** Every write is a record of its own. @throws client/… */
export const entityRecord = (value: unknown, options: EntityRecordOptions): LogRecord => {
  const { kind, id, createdAt, attributes } = validate(entitySchema, value);
  const row = kindRow(kind);
  if (row === undefined) throw new ThroughlineError('client/unknownKind', `there is no entity kind "${printable(kind)}"; known: ${ENTITY_KINDS.join(', ')}`, { where: { field: 'kind' } });
  const valid = attributesOf(row, attributes);
  const at = createdAt === undefined ? (options.createdBefore?.(formatRef({ kind, id })) ?? options.now) : Date.parse(createdAt) as Millis;
  if (at > options.now + CLOCK_SKEW_MS) throw new ThroughlineError('client/inTheFuture', `${formatRef({ kind, id })} is dated ${createdAt ?? ''}, which is in the future; send the time at which it was made`, { where: { field: 'createdAt' } });
  const member = ownerOf(kind, id, valid['author']);
  return {
    type: 'entity', id: options.recordId, at: options.now, deduplicate: 'never',
    payload: encodeEntity({ kind, id, createdAt: at, attributes: valid }),
    ...(member === undefined ? {} : { member }),
  };
};

export const entityDeletedRecord = (reference: string, options: { readonly now: Millis; readonly recordId: string }): LogRecord => {
  const name = new TextEncoder().encode(reference);
  const payload = new Uint8Array(name.length + 1);
  payload[0] = 1;
  payload.set(name, 1);
  return { type: 'entityDeleted', id: options.recordId, at: options.now, deduplicate: 'never', payload };
};
