/**
 * The funnel of a log as Parquet files, one a day of what happened. Rows are spooled by day while the log is read once, then each day whose rows changed
 * since the last export becomes a file: written beside, flushed, renamed. Killed at any moment it leaves whole files of some days; run again it
 * makes the others. The same log makes the same bytes.
 */
import { createHash, type Hash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY } from '../core/clock.ts';
import { isMissing, syncFolder, writeWhole } from '../core/durable.ts';
import type { Log } from '../log/port.ts';
import { openParquetMaker } from './parquet.ts';
import { eachRecord, type OnProgress } from './reading.ts';
import { COLUMNS, createRows, type Row } from './rows.ts';

export interface ExportOptions {
  readonly folder: string;
  /** The last days on which something happened, by the log; absent: all. */
  readonly days?: number;
  readonly reasonOf: (reason: number) => string;
  /** Share of the log that was read; then the day that is written. */
  readonly onProgress?: OnProgress;
  readonly onDay?: (day: string, done: number, of: number) => void;
}

export interface ExportReport { readonly days: number; readonly rows: number; /** Days whose file was there already, with these rows. */ readonly unchanged: number; readonly bytes: number }

interface DayNote { readonly rows: number; readonly digest: string }
type Notes = Readonly<Record<string, DayNote>>;

const MANIFEST = 'funnel.json';
const SPOOL = '.spool';
const SPOOLED_BYTES: number = 8 * 1024 * 1024;
/** Files of another layout are made again. */
const LAYOUT = createHash('sha256').update(JSON.stringify(COLUMNS)).digest('hex').slice(0, 12);

const fileOf = (day: string): string => `funnel-${day}.parquet`;

/** Rows by day, on disk: what stays in memory is a few megabytes however long the log is. */
const createSpool = (folder: string): { add(row: Row): void; flush(): void; notes(): ReadonlyMap<string, DayNote> } => {
  const days = new Map<string, { lines: string[]; rows: number; readonly hash: Hash }>();
  let held = 0;
  const flush = (): void => {
    for (const [day, { lines }] of days) if (lines.length > 0) appendFileSync(join(folder, day), lines.splice(0).join(''));
    held = 0;
  };
  return {
    flush,
    add: (row) => {
      const name = new Date(row.happened_at).toISOString().slice(0, 10);
      const day = days.get(name) ?? { lines: [], rows: 0, hash: createHash('sha256') };
      days.set(name, day);
      const line = `${JSON.stringify(row)}\n`;
      day.lines.push(line);
      day.hash.update(line);
      day.rows++;
      held += line.length;
      if (held > SPOOLED_BYTES) flush();
    },
    notes: () => new Map([...days].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([day, { rows, hash }]) => [day, { rows, digest: `${LAYOUT}:${hash.digest('hex')}` }])),
  };
};

const readNotes = async (folder: string): Promise<Notes> => {
  try { return JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as Notes; } catch (error) {
    if (isMissing(error)) return {};
    throw error;
  }
};

const sizeOf = async (file: string): Promise<number | undefined> => {
  try { return (await stat(file)).size; } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

const flushed = async (file: string): Promise<void> => {
  const handle = await open(file, 'r+');
  try { await handle.sync(); } finally { await handle.close(); }
};

/** @returns the days from the last one back, so many; all where no number is given */
const wantedDays = (notes: ReadonlyMap<string, DayNote>, days: number | undefined): readonly string[] => {
  const last = [...notes.keys()].at(-1);
  if (days === undefined || last === undefined) return [...notes.keys()];
  const first = new Date(Date.parse(last) - (days - 1) * DAY).toISOString().slice(0, 10);
  return [...notes.keys()].filter((day) => day >= first);
};

/** Makes the files of these days that are not there with these rows. */
const writeDays = async (notes: ReadonlyMap<string, DayNote>, { wanted, spool }: { readonly wanted: readonly string[]; readonly spool: string }, { folder, onDay }: ExportOptions): Promise<ExportReport> => {
  let known = await readNotes(folder);
  const report = { days: wanted.length, rows: 0, unchanged: 0, bytes: 0 };
  const maker = await openParquetMaker(join(spool, 'sorting'));
  try {
    for (const [n, day] of wanted.entries()) {
      const note = notes.get(day) ?? { rows: 0, digest: '' };
      const file = join(folder, fileOf(day));
      onDay?.(day, n, wanted.length);
      const size = known[day]?.digest === note.digest ? await sizeOf(file) : undefined;
      if (size === undefined) {
        const temporary = join(spool, `${day}.parquet`);
        await maker.make({ from: join(spool, day), to: temporary });
        await flushed(temporary);
        await rename(temporary, file);
        await syncFolder(folder);
        known = { ...known, [day]: note };
        await writeWhole(join(folder, MANIFEST), `${JSON.stringify(known, undefined, 1)}\n`);
      } else report.unchanged++;
      report.rows += note.rows;
      report.bytes += size ?? await sizeOf(file) ?? 0;
    }
  } finally { await maker.close(); }
  return report;
};

/** What an erasure or a retention policy took out of the log leaves the export, too: days on which nothing is left. */
const dropGone = async (notes: ReadonlyMap<string, DayNote>, folder: string): Promise<void> => {
  const known = await readNotes(folder);
  const gone = Object.keys(known).filter((day) => !notes.has(day));
  for (const day of gone) await rm(join(folder, fileOf(day)), { force: true });
  if (gone.length > 0) await writeWhole(join(folder, MANIFEST), `${JSON.stringify(Object.fromEntries(Object.entries(known).filter(([day]) => notes.has(day))), undefined, 1)}\n`);
};

/** @throws server/storeUnwritable where the folder takes no file */
export const exportFunnel = async (log: Log, options: ExportOptions): Promise<ExportReport> => {
  await rm(join(options.folder, SPOOL), { recursive: true, force: true });
  // One of its own: the writing process of an export that was killed may still be at its last file.
  const folder = join(options.folder, SPOOL, String(process.pid));
  await mkdir(folder, { recursive: true });
  const spool = createSpool(folder);
  const rows = createRows({ reasonOf: options.reasonOf, onRow: spool.add });
  await eachRecord(log, rows.apply, options.onProgress);
  rows.end();
  spool.flush();
  const notes = spool.notes();
  if (options.days === undefined) await dropGone(notes, options.folder);
  const report = await writeDays(notes, { wanted: wantedDays(notes, options.days), spool: folder }, options);
  await rm(join(options.folder, SPOOL), { recursive: true, force: true });
  return report;
};
