/** A worker thread: the HTTP edge over shared columns, on the socket inherited as file descriptor 3. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { systemClock } from '../core/clock.ts';
import { createHttpMetrics, type HttpMetrics } from '../http/metrics.ts';
import { closeGracefully, createHttpServer, type HttpConfig } from '../http/server.ts';
import type { DiscoveryOptions } from '../discovery/service.ts';
import type { FeedOptions } from '../feed/service.ts';
import type { SpaceHandle } from '../memory/space.ts';
import type { ToMain, ToWorker } from '../platform/rpc.ts';
import { gatherSources, type Named } from '../platform/plugins.ts';
import { createWorkerPlatform } from '../platform/worker-platform.ts';
import { createLogger } from './logger.ts';
import { createPeers } from './peers.ts';
import { surviveStrays } from './strays.ts';

export interface WorkerData { readonly space: SpaceHandle; readonly http: HttpConfig; readonly feed: FeedOptions; readonly seed: number; readonly log: string; readonly fd: number; readonly worker: number; readonly workers: number; readonly discovery: DiscoveryOptions; readonly sources: Named }

const start = async (port: MessagePort, data: WorkerData): Promise<void> => {
  surviveStrays(data.sources.plugins);
  const platform = createWorkerPlatform({ ...await gatherSources(data.sources), discovery: data.discovery, space: data.space, port, secret: data.http.tokenSecret, feed: data.feed, seed: data.seed });
  const metrics: HttpMetrics = createHttpMetrics(() => peers.ask());
  const peers = createPeers({ worker: data.worker, workers: data.workers, snapshot: metrics.snapshot });
  const app = createHttpServer({ platform, config: data.http, clock: systemClock, logger: createLogger(data.log), metrics });
  await app.ready();
  app.server.listen({ fd: data.fd }, () => { port.postMessage({ type: 'listening' } satisfies ToMain); });
  port.on('message', (message: ToWorker) => {
    if (message.type !== 'close') return;
    closeGracefully(app, { withinMs: message.withinMs }).then(() => { peers.close(); port.close(); }, () => { process.exit(1); });
  });
};

if (parentPort !== null) await start(parentPort, workerData as WorkerData);
