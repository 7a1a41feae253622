/** What lies in a store's folder: `manifest.json` names the format, the partitions and the one data file that counts. */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ThroughlineError } from '../core/errors.ts';

/** Grows when an older version could no longer read the folder. */
export const STORE_FORMAT = 1;

export interface Manifest { readonly format: number; readonly partitions: number; readonly generation: number }

export const dataFile = (folder: string, generation: number): string => join(folder, `log-${generation}.mdb`);

/** @throws server/storeNewer, server/storeCorrupt */
export const readManifest = (folder: string): Manifest | undefined => {
  const path = join(folder, 'manifest.json');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const manifest = parse(text, path);
  if (manifest.format > STORE_FORMAT) throw new ThroughlineError('server/storeNewer', `${folder} was written in store format ${manifest.format}, and this version reads format ${STORE_FORMAT}; use a newer version of Throughline`, { where: { file: path } });
  return manifest;
};

const parse = (text: string, path: string): Manifest => {
  try {
    const { format, partitions, generation } = JSON.parse(text) as Record<string, unknown>;
    if (typeof format === 'number' && typeof partitions === 'number' && typeof generation === 'number') return { format, partitions, generation };
  } catch {
    // Falls through to the one sentence below: what exactly is malformed does not help the reader of it.
  }
  throw new ThroughlineError('server/storeCorrupt', `${path} is not a manifest of a Throughline store; restore the folder from a copy`, { where: { file: path } });
};

/** Replaces the manifest in one step that survives a power cut. */
export const writeManifest = (folder: string, manifest: Manifest): void => {
  const path = join(folder, 'manifest.json');
  writeFileSync(`${path}.new`, `${JSON.stringify(manifest)}\n`);
  sync(`${path}.new`);
  renameSync(`${path}.new`, path);
  sync(folder);
};

/** Creates the folder where it is missing. */
export const makeFolder = (folder: string): void => {
  mkdirSync(folder, { recursive: true });
};

/** Removes data files that do not count: leftovers of an interrupted rewrite, and the file a rewrite replaced. */
export const removeOtherGenerations = (folder: string, generation: number): void => {
  for (const name of readdirSync(folder)) {
    const number = /^log-(\d+)\.mdb(-lock)?$/.exec(name)?.[1];
    if (number !== undefined && Number(number) !== generation) rmSync(join(folder, name), { force: true });
  }
  sync(folder);
};

/** Turns what the operating system or LMDB says into one sentence with a code. */
export const guarded = <T>(folder: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    if (error instanceof ThroughlineError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const code = /MDB_(INVALID|CORRUPTED|PAGE_NOTFOUND|VERSION_MISMATCH)/.test(reason) ? 'server/storeCorrupt' : 'server/storeUnwritable';
    throw new ThroughlineError(code, `the store in ${folder} cannot be opened: ${reason}`, { cause: error });
  }
};

const sync = (path: string): void => {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};
