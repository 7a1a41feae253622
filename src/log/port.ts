/** The log: the append-only truth. Everything else is a projection that can be rebuilt from it. */
import type { MemberId, Millis } from '../core/ids.ts';

/** A reader's place is one dense sequence per partition, counted from 0 (embedded: one partition). */
export interface Position { readonly partition: number; readonly sequence: number }

/** Numbers are written to disk: append only. `payload` layouts are versioned by their own first byte. */
export const RECORD_TYPES = ['entity', 'entityDeleted', 'event', 'served', 'consent', 'erasure', 'model', 'experiment', 'answered'] as const;
export type RecordType = (typeof RECORD_TYPES)[number];

/**
 * How repeats are told apart. `live`: by id for 30 days (older live records are refused before they come here).
 * `history`: by id for ever, for imports. `never`: written by the server itself, once.
 */
export type Deduplication = 'live' | 'history' | 'never';

export interface LogRecord {
  readonly type: RecordType;
  /** Idempotency key; unique within its deduplication window. */
  readonly id: string;
  /** When it happened (not when it was stored). */
  readonly at: Millis;
  /** Whose it is: erased with that member. */
  readonly member?: MemberId;
  readonly deduplicate: Deduplication;
  readonly payload: Uint8Array;
  /** The first bytes of the payload that may differ between repeats (send and receive times); default 0. */
  readonly envelopeBytes?: number;
}

/** `quarantined`: the id came before with another payload; the new one is set aside for an operator and not in the log. */
export type AppendOutcome = 'stored' | 'duplicate' | 'quarantined';
export interface Appended { readonly outcome: AppendOutcome; readonly position: Position }

/** Records of one partition, in order. An erased or retired record is absent: sequences stay dense in the log, not in a block. */
export interface LogBlock { readonly partition: number; readonly records: readonly StoredRecord[] }
export interface StoredRecord extends LogRecord { readonly sequence: number }

/** What is left of somebody else's record when a member is erased: the same, nothing, or another payload. Given to an adapter where it is made. */
export type Redaction = 'keep' | 'drop' | { readonly payload: Uint8Array };
export type Redactor = (record: StoredRecord, member: MemberId) => Redaction;

export interface RetentionPolicy {
  /** Records of these types that happened before `before` are dropped. */
  readonly types: readonly RecordType[];
  readonly before: Millis;
}

export interface Log {
  readonly partitions: number;
  /**
   * Appends in order; durable when it resolves. Many callers share one flush (group commit).
   * @throws server/storeUnwritable after a failed flush, for ever: an error is never retried and acknowledged.
   */
  append(partition: number, records: readonly LogRecord[]): Promise<readonly Appended[]>;
  /** Everything from `from` on (one entry per partition to be read; an absent partition is not read). With `follow`, waits for more until `signal` aborts. */
  read(from: readonly Position[], options?: { readonly follow?: boolean; readonly signal?: AbortSignal }): AsyncIterable<LogBlock>;
  /** One record, or undefined where there is none (any more). */
  get(position: Position): StoredRecord | undefined;
  /** The next sequence of each partition. */
  end(): readonly Position[];
  /** Removes every record of a member, quarantined ones included, and what the adapter's redactor takes out of others', from disk down to the last byte. Resolves to how many records went. */
  erase(member: MemberId): Promise<number>;
  retain(policy: RetentionPolicy): Promise<number>;
  close(): Promise<void>;
}

/** Live records dated before this many milliseconds ago are refused at the edge; within it, an id counts once. */
export const DEDUPLICATION_WINDOW_MS: number = 30 * 24 * 3_600_000;
