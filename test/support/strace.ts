/** Runs a program under Debian's strace, and reads what it traced: in order, with the files behind the descriptors. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { stracePath } from './tools.ts';

/** Why tests with strace cannot run here; undefined where they can. */
export const whyNoStrace = (): string | undefined => (stracePath() === undefined ? 'strace is not installed (apt install strace)' : undefined);

/** The calls by which LMDB, Node's pipes and Node's sockets write and flush. */
export const WRITING_CALLS: readonly string[] = ['write', 'writev', 'pwrite64', 'pwritev', 'sendto', 'sendmsg', 'fsync', 'fdatasync', 'msync'];

export interface StraceOptions {
  readonly traceFile: string;
  readonly calls?: readonly string[];
  /** Only calls on this file (which must exist) are traced, and only they meet the injected error. */
  readonly onlyFile?: string;
  /** As after `-e inject=`, for example `fdatasync:error=EIO:when=30`. Counted in each thread by itself. */
  readonly inject?: string;
  /** How many bytes of a written buffer are kept. */
  readonly dataBytes?: number;
}

/** The command line that runs `command` under strace. */
export const straceCommand = (command: readonly string[], options: StraceOptions): readonly [string, ...string[]] => {
  const calls = options.calls ?? WRITING_CALLS;
  return [stracePath() ?? 'strace', '-f', '-y', '-q', '-s', String(options.dataBytes ?? 64), '-o', options.traceFile,
    '-e', `trace=${calls.join(',')}`, ...(options.onlyFile === undefined ? [] : ['-P', options.onlyFile]), ...(options.inject === undefined ? [] : ['-e', `inject=${options.inject}`]), '-e', 'signal=none', ...command];
};

/** Runs to the end. */
export const runUnderStrace = (command: readonly string[], options: StraceOptions): Promise<{ readonly output: string; readonly code: number | null }> =>
  new Promise((resolve, reject) => {
    const [program, ...args] = straceCommand(command, options);
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => { output += text; });
    child.once('error', reject);
    child.once('close', (code) => resolve({ output, code }));
  });

export interface TracedCall {
  readonly pid: number;
  readonly name: string;
  readonly fd: number;
  /** What the descriptor stands for: a path, `pipe:[…]`, `socket:[…]` or `TCP:[…]`. */
  readonly path: string;
  /** All arguments as strace prints them, written data included. */
  readonly text: string;
  readonly result: number;
  readonly error: string | undefined;
  readonly injected: boolean;
  /** Lines of the trace: a call that ended on a line before another began was over by then. */
  readonly begin: number;
  readonly end: number;
}

const WHOLE = /^(\d+) +(\w+)\((.*)\) += (-?\d+|\?)(?: (E\w+))?(.*)$/su;
const UNFINISHED = /^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$/su;
const RESUMED = /^(\d+) +<\.\.\. \w+ resumed>(.*)$/su;
const DESCRIPTOR = /^(\d+)<(.*?)>(?:,|$)/su;

/** In the order in which the calls ended. A call that never ended (its process was killed) is left out. */
export const parseTrace = (text: string): TracedCall[] => {
  const begun = new Map<string, { readonly name: string; readonly args: string; readonly line: number }>();
  const calls: TracedCall[] = [];
  text.split('\n').forEach((raw, line) => {
    const unfinished = UNFINISHED.exec(raw);
    if (unfinished !== null) {
      begun.set(unfinished[1] ?? '', { name: unfinished[2] ?? '', args: unfinished[3] ?? '', line });
      return;
    }
    const resumed = RESUMED.exec(raw);
    const start = resumed === null ? undefined : begun.get(resumed[1] ?? '');
    const whole = resumed === null || start === undefined ? raw : `${resumed[1]} ${start.name}(${start.args}${resumed[2] ?? ''}`;
    const call = parseCall(whole, { begin: start?.line ?? line, end: line });
    if (call !== undefined) calls.push(call);
  });
  return calls;
};

const parseCall = (text: string, lines: { readonly begin: number; readonly end: number }): TracedCall | undefined => {
  const match = WHOLE.exec(text);
  if (match === null) return undefined;
  const [, pid = '', name = '', args = '', result = '', error, rest = ''] = match;
  const descriptor = DESCRIPTOR.exec(args);
  return { pid: Number(pid), name, fd: Number(descriptor?.[1] ?? -1), path: descriptor?.[2] ?? '', text: args, result: Number(result), error, injected: rest.includes('INJECTED'), ...lines };
};

export const readTrace = (file: string): TracedCall[] => parseTrace(readFileSync(file, 'latin1'));

const DATA_FILE = /log-\d+\.mdb/u;
const writesData = (call: TracedCall): boolean => DATA_FILE.test(call.path) && /write/u.test(call.name) && call.error === undefined;
const flushes = (call: TracedCall): boolean => DATA_FILE.test(call.path) && /sync/u.test(call.name) && call.error === undefined;

/**
 * Was the record whose bytes contain `mark` flushed before `acknowledgement` began? The record is written to a data file, that
 * file is flushed by a call which begins after the write has ended, and then a meta page is written (through a descriptor
 * opened with O_DSYNC, so its return is its flush): all of it before the acknowledgement. Answers what is missing, if anything.
 */
export const unflushed = (calls: readonly TracedCall[], mark: string, acknowledgement: TracedCall): string | undefined => {
  const before = calls.filter((call) => call.end < acknowledgement.begin);
  const written = before.find((call) => writesData(call) && call.text.includes(mark));
  if (written === undefined) return `"${mark}" was not written before it was acknowledged`;
  const flushed = before.find((call) => flushes(call) && call.begin > written.end);
  if (flushed === undefined) return `"${mark}" was written but not flushed before it was acknowledged`;
  const published = before.find((call) => writesData(call) && call.begin > flushed.end && call.fd !== written.fd);
  return published === undefined ? `"${mark}" was flushed but its transaction was not, before it was acknowledged` : undefined;
};
