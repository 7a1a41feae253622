/** A platform on a port: in this thread, or in worker threads on one inherited socket. */
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { randomInt } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { systemClock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import { discoveryOptions, feedOptions, type Config } from '../config.ts';
import { closeGracefully, createHttpServer, type HttpConfig } from '../http/server.ts';
import type { OpenPlatform } from '../platform/open.ts';
import { createFlusher, serveCalls, type ToMain, type ToWorker } from '../platform/rpc.ts';
import { createLogger } from './logger.ts';
import type { WorkerData } from './worker.ts';

export interface Served { readonly url: string; close(): Promise<void> }

export const CLOSE_WITHIN_MS = 3000;

const httpConfig = (platform: OpenPlatform, config: Config): HttpConfig => ({ host: config.host, keys: config.keys, tokenSecret: platform.secret });

const urlOf = (host: string, port: number): string => `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

export const portInUse = (host: string, port: number, cause: unknown): unknown =>
  cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'
    ? new ThroughlineError('server/portInUse', `port ${port} on ${host} is taken by another program; stop it, or choose another port with --port`, { cause })
    : cause;

/** @throws server/portInUse, server/keysRequired */
export const serveInThread = async (platform: OpenPlatform, config: Config, clock: Clock = systemClock): Promise<Served> => {
  const app = createHttpServer({ platform, config: httpConfig(platform, config), clock, logger: createLogger(config.log) });
  await app.listen({ host: config.host, port: config.port }).catch((error: unknown) => { throw portInUse(config.host, config.port, error); });
  const { port } = app.server.address() as AddressInfo;
  return { url: urlOf(config.host, port), close: () => closeGracefully(app, { withinMs: CLOSE_WITHIN_MS }) };
};

const startWorker = (data: WorkerData, platform: OpenPlatform): Promise<Worker> => new Promise((resolve, reject) => {
  const file = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
  const worker = new Worker(file, { workerData: data, transferList: [data.space.port] });
  serveCalls(worker, platform);
  worker.on('message', (message: ToMain) => {
    if (message.type === 'served') platform.record(message.records);
    if (message.type === 'listening') resolve(worker);
  });
  platform.attachTaste((access) => { worker.postMessage({ type: 'taste', access } satisfies ToWorker, [access.port, access.space.port]); }).catch(reject);
  worker.once('error', reject);
});

export interface Inherited { readonly fd: number; readonly url: string }

/** Workers on a socket that the parent process bound and listens on; this thread writes the log and the projections. */
export const serveInWorkers = async (platform: OpenPlatform, config: Config, inherited: Inherited): Promise<Served> => {
  const workers = await Promise.all(Array.from({ length: config.workers }, (_, worker) =>
    startWorker({ space: platform.state.space.share(), http: httpConfig(platform, config), feed: feedOptions(config), seed: randomInt(2 ** 31), log: config.log, fd: inherited.fd, worker, workers: config.workers, discovery: discoveryOptions(config), sources: { plugins: config.plugins, remotes: config.remotes, cohorts: config.cohorts } }, platform)));
  const flushers = workers.map(createFlusher);
  platform.beforeMiss(() => Promise.all(flushers.map((flush) => flush())));
  for (const worker of workers) {
    // A worker that dies takes no data with it; the process stops so that whoever runs it starts it whole.
    worker.on('error', (error) => { process.stderr.write(`A worker failed: ${error instanceof Error ? error.message : String(error)}; stopping.\n`); process.exit(70); });
  }
  return {
    url: inherited.url,
    close: async () => {
      await Promise.all(workers.map((worker) => new Promise<void>((resolve) => {
        worker.once('exit', () => { resolve(); });
        worker.postMessage({ type: 'close', withinMs: CLOSE_WITHIN_MS } satisfies ToWorker);
      })));
    },
  };
};
