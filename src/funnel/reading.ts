/** The whole log as it stands, for what reads it from its beginning. */
import type { Log, StoredRecord } from '../log/port.ts';

/** Progress of a pass over the log, 0 to 1. */
export type OnProgress = (share: number) => void;

/** Calls back for each record in order, until the log's end of this moment or until it answers `false`. */
export const eachRecord = async (log: Log, visit: (record: StoredRecord) => unknown, onProgress?: OnProgress): Promise<void> => {
  const ends = log.end();
  const total = ends.reduce((sum, { sequence }) => sum + sequence, 0);
  let read = 0;
  for await (const { records } of log.read(ends.map(({ partition }) => ({ partition, sequence: 0 })))) {
    for (const record of records) if (visit(record) === false) return;
    read += records.length;
    onProgress?.(read / Math.max(1, total));
  }
};
