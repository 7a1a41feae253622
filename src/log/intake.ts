/** Takes records in: gives out dense sequences, recognises repeats, and keeps what is accepted until it is on disk. */
import type { Millis } from '../core/ids.ts';
import { createBlockBuilder, type Block, type BlockBuilder } from './blocks.ts';
import { sameContent, type Span } from './codec.ts';
import { createDeduplicator, historyKey, historyValue, type Deduplicator } from './deduplicate.ts';
import type { Appended, LogRecord } from './port.ts';
import { quarantineValue } from './quarantine.ts';
import { blockBase, keySequence, readBlock, seek, sequenceKey, storedEnd, type Put, type Store } from './store.ts';

export interface Intake {
  /** Undefined where there is no such partition. */
  admit(partition: number, records: readonly LogRecord[]): readonly Appended[] | undefined;
  /** Other writes, to go with what was admitted. */
  add(puts: readonly Put[]): void;
  /** Everything since the last time, as writes; it counts as on its way until `landed`. */
  depart(): readonly Put[];
  /** What departed is on disk. */
  landed(): void;
  /** The next sequence of a partition. */
  next(partition: number): number;
  /** The next number of a quarantined record. */
  quarantineEnd(): number;
  /** The store was replaced by a rewrite. */
  moved(): void;
  readonly deduplicator: Deduplicator;
}

interface Cargo {
  readonly puts: Put[];
  readonly quarantined: Buffer[];
  /** Sequences of the ids of imports, by key. */
  readonly imported: Map<string, number>;
}
const emptyCargo = (): Cargo => ({ puts: [], quarantined: [], imported: new Map() });

export interface IntakeParts { readonly partitions: number; readonly store: () => Store; readonly now: () => Millis }

export const createIntake = (parts: IntakeParts): Intake => {
  const { partitions, store } = parts;
  const builders = Array.from({ length: partitions }, () => createBlockBuilder(parts.now));
  const next = builders.map((_, partition) => storedEnd(store(), partition));
  let flying: (readonly Block[])[] = builders.map(() => []);
  let cargo = emptyCargo();
  let departed = emptyCargo();
  let quarantineNext = nextQuarantined(store());
  const blocks = createBlockCache(store);

  /** The encoded record, wherever it is by now; undefined where it was erased or retired. */
  const encoded = (partition: number, sequence: number): Span | undefined => {
    const onItsWay = [...(flying[partition] ?? []), builders[partition]?.open()].findLast((block) => block !== undefined && block.base <= sequence);
    const buffer = onItsWay?.bytes ?? blocks.containing(partition, sequence);
    const cursor = buffer === undefined ? undefined : seek(buffer, partition, sequence);
    return buffer === undefined || cursor === undefined ? undefined : { buffer, start: cursor.start, end: cursor.end };
  };
  const imported = (key: Buffer): number | undefined => {
    const name = key.toString('latin1');
    const onItsWay = cargo.imported.get(name) ?? departed.imported.get(name);
    if (onItsWay !== undefined) return onItsWay;
    const value = store().tables[store().history]?.getBinary(key);
    return value === undefined ? undefined : keySequence(value);
  };
  const deduplicator = createDeduplicator({ partitions, now: parts.now, encoded, imported });
  for (let partition = 0; partition < partitions; partition++) deduplicator.recall(store(), partition);

  const admitOne = (partition: number, record: LogRecord, builder: BlockBuilder): Appended => {
    const sequence = next[partition] ?? 0;
    const draft = builder.draft(record, sequence);
    const known = deduplicator.findOrTake(partition, draft);
    if (known !== undefined) {
      const same = known.span === undefined || sameContent(known.span, draft, record.envelopeBytes ?? 0);
      if (!same) cargo.quarantined.push(quarantineValue(partition, draft.buffer.subarray(draft.start, draft.end)));
      return { outcome: same ? 'duplicate' : 'quarantined', position: { partition, sequence: known.sequence } };
    }
    builder.keep(draft);
    next[partition] = sequence + 1;
    if (record.deduplicate === 'history') {
      const key = historyKey(partition, record.id);
      cargo.imported.set(key.toString('latin1'), sequence);
      cargo.puts.push({ table: store().history, key, value: historyValue(sequence, record.member) });
    }
    return { outcome: 'stored', position: { partition, sequence } };
  };

  return {
    deduplicator,
    admit: (partition, records) => {
      const builder = builders[partition];
      return builder === undefined ? undefined : records.map((record) => admitOne(partition, record, builder));
    },
    add: (puts) => { cargo.puts.push(...puts); },
    depart: () => {
      departed = cargo;
      cargo = emptyCargo();
      flying = builders.map((builder) => builder.take());
      const built = flying.flatMap((some, partition) => some.map(({ base, bytes }) => ({ table: store().blocks(partition), key: sequenceKey(base), value: bytes })));
      const aside = departed.quarantined.map((value) => ({ table: store().quarantine, key: sequenceKey(quarantineNext++), value }));
      return [...built, ...departed.puts, ...aside];
    },
    landed: () => {
      departed = emptyCargo();
      flying = builders.map(() => []);
    },
    next: (partition) => next[partition] ?? 0,
    quarantineEnd: () => quarantineNext + cargo.quarantined.length,
    moved: () => {
      blocks.clear();
      quarantineNext = nextQuarantined(store());
    },
  };
};

/** Repeats come in the order of the originals; one block answers for hundreds of them. */
const createBlockCache = (store: () => Store): { containing(partition: number, sequence: number): Buffer | undefined; clear(): void } => {
  let cached: { readonly partition: number; readonly base: number; readonly bytes: Buffer | undefined } | undefined;
  return {
    containing: (partition, sequence) => {
      const base = blockBase(store(), partition, sequence);
      if (base === undefined) return undefined;
      if (cached?.partition !== partition || cached.base !== base) cached = { partition, base, bytes: readBlock(store(), partition, base) };
      return cached.bytes;
    },
    clear: () => { cached = undefined; },
  };
};

const nextQuarantined = (store: Store): number => {
  for (const key of store.tables[store.quarantine]?.getKeys({ reverse: true, limit: 1 }) ?? []) return keySequence(key) + 1;
  return 0;
};
