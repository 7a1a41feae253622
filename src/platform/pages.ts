/** Where the served record of a request stands in the log: 32 bytes a page, found by request id. A projection. */
import { hash32 } from '../core/random.ts';
import type { StoredRecord } from '../log/port.ts';
import type { Space } from '../memory/space.ts';
import { openPairs } from '../memory/tables.ts';

export interface Pages {
  apply(record: StoredRecord): void;
  /** The log sequence, or -1. */
  find(requestId: string): number;
}

// Two independent 31-bit hashes: a false hit among a billion pages is a matter of one in a billion, and the record's id is checked.
const keys = (requestId: string): readonly [number, number] => [hash32(requestId) >>> 1, hash32(requestId, 0x9747b28c) >>> 1];

export const openPages = (space: Space): Pages => {
  const pages = openPairs(space, 'pages', { sequence: 'f64' });
  return {
    apply: (record) => {
      if (record.type !== 'served') return;
      const row = pages.ensure(...keys(record.id));
      pages.columns.sequence[row] = record.sequence;
    },
    find: (requestId) => {
      const row = pages.find(...keys(requestId));
      return row < 0 ? -1 : (pages.columns.sequence[row] ?? -1);
    },
  };
};
