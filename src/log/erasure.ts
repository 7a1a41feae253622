/** What an erasure or a retention policy removes, and the note by which an interrupted erasure is done again. */
import type { MemberId } from '../core/ids.ts';
import { HEADER_BYTES, type RecordCursor } from './codec.ts';
import { historyMember, memberDigest, type ErasedId } from './deduplicate.ts';
import { RECORD_TYPES, type Redactor, type RetentionPolicy, type StoredRecord } from './port.ts';
import { parseQuarantined } from './quarantine.ts';
import type { Removal } from './rewrite.ts';
import type { Put, Store } from './store.ts';

/** Records from these sequences on, and quarantined ones from this number on, came after the request and stay. */
export interface Erasure { readonly member: MemberId; readonly ends: readonly number[]; readonly quarantined: number }

export const ERASURE_KEY: Buffer = Buffer.from('erasing');

export const erasureMark = (store: Store, erasure: Erasure): Put => ({ table: store.meta, key: ERASURE_KEY, value: Buffer.from(JSON.stringify(erasure)) });

export const parseErasure = (value: Buffer): Erasure => JSON.parse(value.toString()) as Erasure;

/** `ids` answers with the ids of the records that were seen to go. */
export const memberRemoval = (erasure: Erasure, redactor?: Redactor): { readonly removal: Removal; ids(): readonly ErasedId[] } => {
  const member = Buffer.from(erasure.member);
  const digest = memberDigest(erasure.member);
  const erased = new Map<string, ErasedId>();
  const isTheirs = (bytes: Buffer, cursor: RecordCursor): boolean => bytes.compare(member, 0, member.length, cursor.idEnd(), cursor.memberEnd()) === 0;
  return {
    ids: () => [...erased.values()],
    removal: {
      ...(redactor === undefined ? {} : { redact: (record: StoredRecord) => redactor(record, erasure.member) }),
      record: (partition, bytes, cursor) => {
        const sequence = cursor.sequence();
        if (sequence >= (erasure.ends[partition] ?? 0) || !isTheirs(bytes, cursor)) return false;
        erased.set(`${partition}:${sequence}`, { partition, sequence, id: Buffer.from(bytes.subarray(cursor.start + HEADER_BYTES, cursor.idEnd())) });
        return true;
      },
      quarantined: (number, value) => number < erasure.quarantined && parseQuarantined(value).record.member === erasure.member,
      importedBy: (value, partition) => historyMember(value).equals(digest) && value.readUIntBE(2, 6) < (erasure.ends[partition] ?? 0),
    },
  };
};

/** The ids of imports stay known: history is harmless to repeat for ever. */
export const policyRemoval = (policy: RetentionPolicy): Removal => {
  const types = new Set(policy.types.map((type) => RECORD_TYPES.indexOf(type)));
  return {
    record: (_partition, _bytes, cursor) => types.has(cursor.type()) && cursor.at() < policy.before,
    quarantined: () => false,
    importedBy: () => false,
  };
};
