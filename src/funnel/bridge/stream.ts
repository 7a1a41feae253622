/**
 * The bridge as a stream: the log from where it stopped, older events out, as files named by the positions that they cover. A file appears
 * whole, under its name, after it is on disk, and the next begins where it ends: killed at any moment, the bridge neither loses nor repeats.
 */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, syncFolder, writeWhole } from '../../core/durable.ts';
import { ThroughlineError } from '../../core/errors.ts';
import { lockFolder } from '../../core/lock.ts';
import type { Log } from '../../log/port.ts';
import { BRIDGES, olderEvents } from './older.ts';

/** Files end at multiples of this many positions, and at the end of the log: the same log makes the same files, wherever the bridge was stopped. */
const SEGMENT = 10_000;
const NOTE = 'bridge.json';
const VERSIONS = BRIDGES.map(({ name, version }) => `${name}@${version}`).join(' ');

export interface BridgeOptions {
  readonly folder: string;
  /** Aborted: the file that is being written is finished. */
  readonly signal: AbortSignal;
  /** Waits before it looks for more; absent: it ends with the log. */
  readonly wait?: () => Promise<unknown>;
  readonly onProgress?: (position: number, end: number) => void;
}
export interface BridgeReport { readonly files: number; readonly events: number; /** The position, summed over partitions, that the next run begins at. */ readonly position: number }

interface Note { readonly versions: string; /** By partition: what is covered, for a host that takes files away. */ readonly covered: readonly number[] }

const digits = (position: number): string => String(position).padStart(12, '0');
export const segmentName = (partition: number, from: number, to: number): string => `bridge-${partition}-${digits(from)}-${digits(to)}.ndjson`;
const SEGMENT_NAME = /^bridge-(\d+)-\d{12}-(\d{12})\.ndjson$/u;

const readNote = async (folder: string): Promise<Note | undefined> => {
  try { return JSON.parse(await readFile(join(folder, NOTE), 'utf8')) as Note; } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** What is covered: by the note, or by a file that is younger than it. Unfinished files go. */
const coveredIn = async (folder: string, partitions: number): Promise<number[]> => {
  const note = await readNote(folder);
  if (note !== undefined && note.versions !== VERSIONS) throw new ThroughlineError('client/invalidConfig', `${folder} holds events of ${note.versions}, and this version writes ${VERSIONS}; name a new folder with --out`);
  const covered = Array.from({ length: partitions }, (_, partition) => note?.covered[partition] ?? 0);
  for (const name of await readdir(folder)) {
    const [, partition, to] = SEGMENT_NAME.exec(name) ?? [];
    if (partition !== undefined) covered[Number(partition)] = Math.max(covered[Number(partition)] ?? 0, Number(to));
    else if (name.endsWith('.tmp')) await rm(join(folder, name), { force: true });
  }
  return covered;
};

interface Counts { files: number; events: number }

/** One pass of one partition, from what is covered to the end of the log as it stands. */
const pass = async (log: Log, partition: number, parts: { readonly options: BridgeOptions; readonly covered: number[]; readonly counts: Counts }): Promise<void> => {
  const { options: { folder, signal, onProgress }, covered, counts } = parts;
  const end = log.end()[partition]?.sequence ?? 0;
  let from = covered[partition] ?? 0;
  let lines: string[] = [];
  const close = async (to: number): Promise<void> => {
    if (lines.length > 0) {
      await writeWhole(join(folder, segmentName(partition, from, to)), `${lines.join('\n')}\n`);
      await syncFolder(folder);
      counts.files++;
      counts.events += lines.length;
    }
    lines = [];
    from = to;
    covered[partition] = to;
  };
  const boundary = (): number => (Math.floor(from / SEGMENT) + 1) * SEGMENT;
  for await (const { records } of log.read([{ partition, sequence: from }])) {
    for (const record of records) {
      if (record.sequence >= end) break;
      while (record.sequence >= boundary()) await close(boundary());
      for (const event of olderEvents(record)) lines.push(JSON.stringify(event));
    }
    onProgress?.(Math.min(end, records.at(-1)?.sequence ?? end), end);
    if (signal.aborted) return;
  }
  while (end >= boundary()) await close(boundary());
  if (from < end) await close(end);
};

/**
 * Writes what the log holds beyond the files in the folder; with `wait`, again and again until it is aborted. One bridge writes a folder at a time.
 * @throws client/invalidConfig for a folder of another version, server/storeInUse where another bridge writes it
 */
export const runBridge = async (log: Log, options: BridgeOptions): Promise<BridgeReport> => {
  const { folder, signal, wait } = options;
  await mkdir(folder, { recursive: true });
  const unlock = lockFolder(folder, { name: 'bridge', held: (pid) => `${folder} is written by the bridge of process ${pid}; stop it, or name another folder with --out` });
  try {
    const covered = await coveredIn(folder, log.partitions);
    const counts = { files: 0, events: 0 };
    let noted = '';
    do {
      for (let partition = 0; partition < log.partitions && !signal.aborted; partition++) await pass(log, partition, { options, covered, counts });
      const note = `${JSON.stringify({ versions: VERSIONS, covered } satisfies Note)}\n`;
      if (note !== noted) await writeWhole(join(folder, NOTE), note);
      noted = note;
      await wait?.();
    } while (wait !== undefined && !signal.aborted);
    return { ...counts, position: covered.reduce((sum, position) => sum + position, 0) };
  } finally { unlock(); }
};
