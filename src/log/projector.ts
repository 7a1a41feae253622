/** Appends, waits for the disk, applies to the projections in the order of the log, then answers: acknowledged means visible to the next request. */
import type { Appended, Log, LogBlock, LogRecord, StoredRecord } from './port.ts';

export interface Projector {
  /** Resolves when the records are on disk and applied. @throws server/storeUnwritable */
  submit(partition: number, records: readonly LogRecord[]): Promise<readonly Appended[]>;
  /** Applies everything the log holds. Called once, before the first submit. */
  replay(onProgress?: (records: number) => void): Promise<number>;
  /** Resolves when all that was submitted so far is applied. */
  idle(): Promise<void>;
}

const storedOf = (records: readonly LogRecord[], appended: readonly Appended[]): StoredRecord[] => {
  const stored: StoredRecord[] = [];
  records.forEach((record, i) => {
    const result = appended[i];
    if (result?.outcome === 'stored') stored.push({ ...record, sequence: result.position.sequence });
  });
  return stored;
};

export const createProjector = (log: Log, apply: (block: LogBlock) => void): Projector => {
  let last: Promise<unknown> = Promise.resolve();
  return {
    submit: (partition, records) => {
      const appending = log.append(partition, records);
      const applied = last.then(async () => {
        const appended = await appending;
        const stored = storedOf(records, appended);
        if (stored.length > 0) apply({ partition, records: stored });
        return appended;
      });
      // A failed append is its caller's to handle; those behind it go on.
      last = Promise.allSettled([applied]);
      return applied;
    },
    replay: async (onProgress) => {
      let count = 0;
      const from = log.end().map(({ partition }) => ({ partition, sequence: 0 }));
      for await (const block of log.read(from)) {
        apply(block);
        count += block.records.length;
        onProgress?.(count);
      }
      return count;
    },
    idle: async () => { await last; },
  };
};
