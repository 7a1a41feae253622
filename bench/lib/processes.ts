/** Processes of a benchmark: pinned to a core, their processor time read from the kernel. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = (script: string): string => fileURLToPath(new URL(script, import.meta.url));

const TICKS_PER_SECOND = 100;

/** Processor milliseconds, user and system, of a process and, unless told otherwise, its children. */
export const cpuMsOf = (pid: number, options: { readonly alone: boolean } = { alone: false }): number => {
  const ticks = (one: string): { readonly parent: number; readonly ms: number } | undefined => {
    try {
      const fields = readFileSync(`/proc/${one}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return { parent: Number(fields[1]), ms: ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND };
    } catch { return undefined; }
  };
  let sum = ticks(String(pid))?.ms ?? 0;
  if (options.alone) return sum;
  for (const other of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const found = ticks(other);
    if (found?.parent === pid) sum += cpuMsOf(Number(other));
  }
  return sum;
};

const firstLine = async (child: ChildProcess): Promise<string> => {
  if (child.stdout === null) throw new Error('a benchmark process has no standard output');
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('a benchmark process ended without an answer');
};

/** BENCH_CORES=0,1 lets the server have both, and the load beside it. */
const SERVER_CORES = process.env['BENCH_CORES'] ?? '0';
const pinned = (cores: string, args: readonly string[]): ChildProcess => spawn('taskset', ['-c', cores, process.execPath, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });

export interface Server { readonly url: URL; readonly pid: number; stop(): Promise<void> }

/** `throughline serve` on its cores: server, workers and log. */
export const startServer = async (data: string, args: readonly string[] = []): Promise<Server> => {
  const profile = process.env['BENCH_SERVER_ARGS']?.split(' ') ?? [];
  const child = pinned(SERVER_CORES, [...profile, here('./serve.js'), 'serve', '--data', data, '--port', '0', '--json', ...args]);
  const ended = new Promise<void>((resolve) => { child.once('exit', () => { resolve(); }); });
  const { url } = JSON.parse(await firstLine(child)) as { readonly url: string };
  return { url: new URL(url), pid: child.pid ?? 0, stop: async () => { child.kill('SIGTERM'); await ended; } };
};

/** A script of this folder on the cores of the server, in the session of both. The caller ends it. */
export const startBesideServer = ([script = '', ...args]: readonly string[]): ChildProcess => pinned(SERVER_CORES, [here(script), ...args]);

/** Runs a script of this folder on core 1 and reads the JSON line it prints. */
export const runOnOtherCore = async <T>(script: string, args: readonly (string | number)[]): Promise<T> => {
  const child = pinned('1', [here(script), ...args.map(String)]);
  return JSON.parse(await firstLine(child)) as T;
};
