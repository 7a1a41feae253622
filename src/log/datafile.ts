/** A look at a data file before LMDB maps it: a file that is none, or is cut short, would take the process down. */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { ThroughlineError } from '../core/errors.ts';

// The two meta pages of LMDB's data format 2, as lmdb 3.5 lays them out.
const MAGIC = 0xbeefc0de;
const AT = { magic: 24, pageBytes: 48, lastPage: 144, transaction: 152 } as const;
/** The last pages of a transaction may be free ones that were never written. */
const UNWRITTEN_PAGES = 64;

/** @throws server/storeCorrupt */
export const checkDataFile = (file: string): void => {
  if (!existsSync(file)) return;
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    // Killed before its first page: LMDB begins again.
    if (size === 0) return;
    const metas = Buffer.alloc(2 * 65_536);
    const read = readSync(descriptor, metas, 0, metas.length, 0);
    const pageBytes = read >= 8192 && metas.readUInt32LE(AT.magic) === MAGIC ? metas.readUInt32LE(AT.pageBytes) : 0;
    if (pageBytes === 0 || pageBytes + AT.transaction + 8 > read || metas.readUInt32LE(pageBytes + AT.magic) !== MAGIC) throw corrupt(file, 'is not the data file of a store');
    const newest = metas.readBigUInt64LE(AT.transaction) > metas.readBigUInt64LE(pageBytes + AT.transaction) ? 0 : pageBytes;
    const pages = Number(metas.readBigUInt64LE(newest + AT.lastPage)) + 1;
    if (size < (pages - UNWRITTEN_PAGES) * pageBytes) throw corrupt(file, `is cut short: it has ${size} bytes of ${pages * pageBytes}`);
  } finally {
    closeSync(descriptor);
  }
};

const corrupt = (file: string, how: string): ThroughlineError =>
  new ThroughlineError('server/storeCorrupt', `${file} ${how}; restore the folder from a copy`, { where: { file } });
