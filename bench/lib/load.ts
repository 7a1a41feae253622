/**
 * The load generator, a process of its own: requests leave on a fixed schedule whatever the answers do, and each is timed from the
 * moment it was due, so that a server that stalls cannot hide it (no coordinated omission). Raw keep-alive sockets.
 *
 *     node load.js <port> <requests a second> <seconds> <connections> <members>
 */
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';

export interface LoadResult { readonly rate: number; readonly sent: number; readonly answered: number; readonly errors: number; readonly seconds: number; readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number; readonly bytes: number; readonly statuses: Readonly<Record<string, number>> }

const [port = 0, rate = 100, seconds = 10, connections = 64, members = 2000] = process.argv.slice(2).map(Number);

const total = Math.round(rate * seconds);
const latencies = new Float64Array(total);
const statuses: Record<string, number> = {};
let sent = 0;
let answered = 0;
let errors = 0;
let bytes = 0;
const backlog: number[] = [];

interface Line { readonly socket: Socket; due: number; pending: Buffer | undefined }
const free: Line[] = [];

const ask = (line: Line, due: number): void => {
  line.due = due;
  const member = (sent * 7919) % members;
  sent++;
  line.socket.write(`GET /v1/members/m${member}/feed HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);
};

/** Bytes of the whole answer at the front of `data`, or -1 while some are missing. */
const answerEnd = (data: Buffer): number => {
  const head = data.indexOf('\r\n\r\n');
  if (head < 0) return -1;
  const length = Number(/content-length: (\d+)/i.exec(data.toString('latin1', 0, head))?.[1] ?? 0);
  return data.length >= head + 4 + length ? head + 4 + length : -1;
};

const take = (line: Line, chunk: Buffer): void => {
  const data = line.pending === undefined ? chunk : Buffer.concat([line.pending, chunk]);
  const end = answerEnd(data);
  if (end < 0) { line.pending = data; return; }
  line.pending = undefined;
  const status = data.toString('latin1', 9, 12);
  statuses[status] = (statuses[status] ?? 0) + 1;
  if (status !== '200') errors++;
  bytes += end;
  latencies[answered++] = performance.now() - line.due;
  const due = backlog.shift();
  if (due === undefined) free.push(line); else ask(line, due);
};

const open = (): Promise<void> => new Promise((resolve, reject) => {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const line: Line = { socket, due: 0, pending: undefined };
  socket.on('data', (chunk) => { take(line, chunk); });
  socket.once('connect', () => { free.push(line); resolve(); });
  socket.once('error', (error) => { errors++; reject(error); });
  socket.once('close', () => { throw new Error('the server closed a connection'); });
});

await Promise.all(Array.from({ length: connections }, open));
const start = performance.now() + 50;
let scheduled = 0;
await new Promise<void>((resolve) => {
  const tick = (): void => {
    const now = performance.now();
    for (; scheduled < total && start + (scheduled / rate) * 1000 <= now; scheduled++) {
      const due = start + (scheduled / rate) * 1000;
      // In turn, so that no connection idles until the server closes it.
      const line = free.shift();
      if (line === undefined) backlog.push(due); else ask(line, due);
    }
    // Ten seconds of grace for what is still out, then it counts as failed.
    if (answered >= total || now > start + seconds * 1000 + 10_000) resolve();
    else setTimeout(tick, 1);
  };
  tick();
});
const elapsed = (performance.now() - start) / 1000;
errors += total - answered;
const sorted = latencies.subarray(0, answered).sort();
const at = (share: number): number => Math.round((sorted[Math.min(answered - 1, Math.floor(share * answered))] ?? 0) * 100) / 100;
const result: LoadResult = { rate, sent, answered, errors, seconds: Math.round(elapsed * 100) / 100, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1), bytes, statuses };
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(0);
