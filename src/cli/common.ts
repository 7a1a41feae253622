/** What every verb shares: the data folder, JSON or words, and how a failure is told. */
import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { ThroughlineError, type ErrorCode } from '../core/errors.ts';

export const DEFAULT_DATA = '.throughline/data';

export interface CommonOptions { readonly data: string; readonly json?: boolean }

export const dataFolder = (options: { readonly data: string }): string => resolve(options.data);

export const print = (text: string): void => { process.stdout.write(`${text}\n`); };
export const printJson = (value: unknown): void => { print(JSON.stringify(value)); };

/** Work that can be asked to stop, by Ctrl-C or SIGTERM: it ends with what it has. Asked a second time this process ends as any other. */
export const whileStoppable = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const controller = new AbortController();
  const release = (): void => { for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop); };
  const stop = (): void => { controller.abort(); release(); };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  try { return await work(controller.signal); } finally { release(); }
};

/** Reads the argument of an option. */
export const wholeNumber = (text: string): number => {
  if (!/^\d{1,9}$/u.test(text)) throw new InvalidArgumentError('Write a whole number.');
  return Number(text);
};

/** Exit codes after BSD's sysexits, by who must act. */
const exitCodeOf = (code: ErrorCode): number => {
  switch (code) {
    case 'client/invalidData': return 65;
    case 'client/noData': case 'client/noModel': case 'client/notFound': return 66;
    case 'client/invalidConfig': case 'server/keysRequired': return 78;
    case 'server/storeUnwritable': return 74;
    case 'server/storeInUse': case 'server/portInUse': return 75;
    case 'server/storeCorrupt': case 'server/storeNewer': return 76;
    default: return code.startsWith('client/') ? 64 : 70;
  }
};

const NO_SPACE = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EIO']);

/** Tells a failure in one sentence and sets the exit code. */
export const fail = (error: unknown, json: boolean): void => {
  const known = error instanceof ThroughlineError ? error
    : error instanceof Error && 'code' in error && NO_SPACE.has(String(error.code)) ? new ThroughlineError('server/storeUnwritable', `the disk refused a write (${error.message}); free space or permissions there, then run the same command again`, { cause: error })
      : undefined;
  if (known === undefined) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 70;
    return;
  }
  if (json) process.stderr.write(`${JSON.stringify({ error: { code: known.code, detail: known.message, ...known.where } })}\n`);
  else process.stderr.write(`Error: ${known.message} (${known.code})\n`);
  process.exitCode = exitCodeOf(known.code);
};
