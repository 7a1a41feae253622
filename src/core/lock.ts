/**
 * One holder per folder and name. A lock is a file `<name>-<n>.lock` naming its holder; the highest number counts, and its holder lives
 * or it is stale. Numbers only grow (the highest file is never deleted), and link() creates a file with its content or not at
 * all, so of two processes that find the same stale lock one wins and the other sees it: no window, nothing to clean by hand.
 */
import { existsSync, linkSync, readFileSync, readdirSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ThroughlineError } from './errors.ts';

export interface LockOptions {
  /** What the holder does in the folder, as `writer`. */
  readonly name: string;
  /** The sentence for whoever comes second. */
  readonly held: (pid: number) => string;
}

/** Takes the folder, or throws. Returns the release. @throws server/storeInUse */
export const lockFolder = (folder: string, { name, held }: LockOptions): (() => void) => {
  const fileOf = (number: number): string => join(folder, `${name}-${number}.lock`);
  const mine = join(folder, `${name}.${process.pid}.${unique()}.new`);
  writeFileSync(mine, identity(process.pid));
  try {
    for (;;) {
      const highest = numbers(folder, name).at(-1) ?? 0;
      const holder = highest > 0 ? holderIn(fileOf(highest)) : undefined;
      if (holder !== undefined) throw new ThroughlineError('server/storeInUse', held(holder));
      const path = fileOf(highest + 1);
      if (!tryLink(mine, path)) continue;
      // Somebody may have moved on while this process slept between looking and linking; then theirs is the higher number.
      if ((numbers(folder, name).at(-1) ?? 0) > highest + 1) { remove(path); continue; }
      for (const older of numbers(folder, name)) if (older <= highest) remove(fileOf(older));
      return () => truncateSync(path);
    }
  } finally {
    remove(mine);
  }
};

/** The process that holds the folder now, if one does and lives. */
export const holderOf = (folder: string, name: string): number | undefined => {
  const highest = existsSync(folder) ? numbers(folder, name).at(-1) : undefined;
  return highest === undefined ? undefined : holderIn(join(folder, `${name}-${highest}.lock`));
};

let counter = 0;
const unique = (): string => `${process.hrtime.bigint()}.${counter++}`;

const numbers = (folder: string, name: string): readonly number[] => readdirSync(folder).flatMap((file) => {
  const middle = file.startsWith(`${name}-`) && file.endsWith('.lock') ? file.slice(name.length + 1, -'.lock'.length) : '';
  return /^[1-9]\d*$/.test(middle) ? [Number(middle)] : [];
}).sort((a, b) => a - b);

const holderIn = (file: string): number | undefined => {
  const content = readIfThere(file);
  const pid = Number(content.split(' ')[0]);
  return content !== '' && pid > 0 && identity(pid) === content ? pid : undefined;
};

/** A pid is reused sooner or later; together with its start time and boot it is not. Elsewhere than on Linux the pid must do. */
const identity = (pid: number): string => {
  try {
    const boot = readIfThere('/proc/sys/kernel/random/boot_id').trim();
    if (boot === '') return alive(pid) ? `${pid} - -` : '';
    const stat = readIfThere(`/proc/${pid}/stat`);
    // The command in parentheses may hold spaces; the start time is the 20th field after it, a zombie (Z) is dead.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return stat === '' || fields[0] === 'Z' ? '' : `${pid} ${fields[19] ?? ''} ${boot}`;
  } catch {
    return '';
  }
};

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const readIfThere = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
};

const tryLink = (from: string, to: string): boolean => {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

const remove = (path: string): void => {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
};
