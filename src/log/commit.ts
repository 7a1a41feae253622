/**
 * Durable writes: a group of puts goes into one flushed transaction.
 *
 * They run in a process of their own (`commit-process.ts`). A flush then never blocks the event loop, and a write error cannot
 * take the readers down: on a failed write of a data page lmdb 3.5.6 prints its message into a buffer that is too small
 * (mdb_page_flush, malloc(100)) and the process may abort. Where that file is not compiled (running from TypeScript sources)
 * the transaction runs here, blocking; same bytes, same order.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { ThroughlineError } from '../core/errors.ts';
import { keySequence, sequenceKey, type Put, type Store } from './store.ts';

export interface Committer {
  /** Resolves when the puts are on disk. After one rejection every later call rejects too. @throws server/storeUnwritable */
  commit(puts: readonly Put[]): Promise<void>;
  close(): Promise<void>;
}

const EPOCH = Buffer.from('epoch');

/** Fences off every earlier writer, even one that is still finishing its last group. Returns the new epoch. */
export const takeEpoch = (store: Store): number => {
  const meta = store.tables[store.meta];
  return store.environment.transactionSync(() => {
    const noted = meta?.getBinary(EPOCH);
    const epoch = noted === undefined ? 1 : keySequence(noted) + 1;
    meta?.putSync(EPOCH, sequenceKey(epoch));
    return epoch;
  });
};

/** One transaction, flushed when this returns. */
export const commitHere = (store: Store, puts: readonly Put[], epoch: number): void => {
  store.environment.transactionSync(() => {
    const noted = store.tables[store.meta]?.getBinary(EPOCH);
    if (noted === undefined || keySequence(noted) !== epoch) throw new Error('another process has taken over the folder');
    for (const put of puts) store.tables[put.table]?.putSync(put.key, put.value);
  });
};

export const createCommitter = (store: Store, options: { readonly partitions: number; readonly epoch: number }): Committer => {
  const script = fileURLToPath(new URL('./commit-process.js', import.meta.url));
  return existsSync(script) ? remoteCommitter(script, [store.file, String(options.partitions), String(options.epoch)]) : localCommitter(store, options.epoch);
};

const unwritable = (file: string, cause: unknown): ThroughlineError => {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ThroughlineError('server/storeUnwritable', `${file} could not be written (${reason}); reads go on, nothing new is accepted: free or repair the disk, then start again`, { cause });
};

const localCommitter = (store: Store, epoch: number): Committer => {
  let failure: ThroughlineError | undefined;
  return {
    commit: (puts) => {
      if (failure === undefined) {
        try {
          commitHere(store, puts, epoch);
          return Promise.resolve();
        } catch (error) {
          failure = unwritable(store.file, error);
        }
      }
      return Promise.reject(failure);
    },
    close: () => Promise.resolve(),
  };
};

interface Waiter { resolve(): void; reject(error: Error): void }

const remoteCommitter = (script: string, args: readonly string[]): Committer => {
  const waiting: Waiter[] = [];
  let failure: ThroughlineError | undefined;
  let closing = false;
  const fail = (cause: unknown): void => {
    failure ??= unwritable(args[0] ?? '', cause);
    for (const waiter of waiting.splice(0)) waiter.reject(failure);
  };
  const start = (): { readonly child: ChildProcessByStdio<Writable, Readable, null>; readonly exited: Promise<void>; hold(held: boolean): void } => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    let answer = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
      for (let line = answer.indexOf('\n'); line >= 0; line = answer.indexOf('\n')) {
        const outcome = answer.slice(0, line);
        answer = answer.slice(line + 1);
        if (outcome === 'ok') waiting.shift()?.resolve();
        else fail(new Error(outcome));
      }
    });
    const exited = new Promise<void>((resolve) => child.once('close', (code, signal) => {
      if (!closing || waiting.length > 0) fail(new Error(`the process that writes it ended: ${signal ?? `exit code ${code}`}`));
      resolve();
    }));
    child.once('error', fail);
    // A broken pipe means that the process is gone; its `close` says how.
    child.stdin.on('error', () => undefined);
    // It must not keep this process alive once nobody waits for an answer.
    const hold = (held: boolean): void => {
      for (const handle of [child, child.stdin, child.stdout] as unknown as readonly { ref?(): void; unref?(): void }[]) if (held) handle.ref?.(); else handle.unref?.();
    };
    return { child, exited, hold };
  };
  // Now, not at the first write: whoever opens a log to write it will, and by then the process is ready.
  const running = start();
  running.hold(false);
  return {
    commit: (puts) => new Promise((resolve, reject) => {
      if (failure !== undefined) { reject(failure); return; }
      running.hold(true);
      const settled = (): void => { if (waiting.length === 0) running.hold(false); };
      waiting.push({ resolve: () => { settled(); resolve(); }, reject: (error) => { settled(); reject(error); } });
      running.child.stdin.cork();
      for (const part of frame(puts)) running.child.stdin.write(part);
      running.child.stdin.uncork();
    }),
    close: async () => {
      closing = true;
      running.hold(true);
      running.child.stdin.end();
      await running.exited;
    },
  };
};

const PUT_HEADER_BYTES = 8;

/** u32 bytes that follow, then for each put: u16 table, u16 key bytes, u32 value bytes, key, value. */
const frame = (puts: readonly Put[]): Buffer[] => {
  const bytes = puts.reduce((sum, put) => sum + PUT_HEADER_BYTES + put.key.length + put.value.length, 0);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes);
  const parts: Buffer[] = [length];
  for (const { table, key, value } of puts) {
    const header = Buffer.alloc(PUT_HEADER_BYTES + key.length);
    header.writeUInt16LE(table, 0);
    header.writeUInt16LE(key.length, 2);
    header.writeUInt32LE(value.length, 4);
    header.set(key, PUT_HEADER_BYTES);
    parts.push(header, value);
  }
  return parts;
};

/** The inverse of `frame`, without its leading length. */
export const parseFrame = (body: Buffer): Put[] => {
  const puts: Put[] = [];
  for (let offset = 0; offset < body.length;) {
    const key = offset + PUT_HEADER_BYTES;
    const value = key + body.readUInt16LE(offset + 2);
    const end = value + body.readUInt32LE(offset + 4);
    puts.push({ table: body.readUInt16LE(offset), key: body.subarray(key, value), value: body.subarray(value, end) });
    offset = end;
  }
  return puts;
};

