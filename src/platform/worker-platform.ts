/** The platform as a worker sees it: pages from shared columns, everything else through the main thread. */
import { setImmediate } from 'node:timers';
import type { MessagePort } from 'node:worker_threads';
import { systemClock } from '../core/clock.ts';
import { seededRandom } from '../core/random.ts';
import type { Cohort } from '../discovery/cohort.ts';
import type { DiscoveryOptions } from '../discovery/service.ts';
import type { FeedOptions } from '../feed/service.ts';
import type { LogRecord } from '../log/port.ts';
import { attachSpace, type SpaceHandle } from '../memory/space.ts';
import type { FirstPassRanker } from '../rankers/ranker.ts';
import type { Platform } from './api.ts';
import { clonable, createRemote, type ToMain, type ToWorker } from './rpc.ts';
import { createAsker } from './encoder-host.ts';
import { openServedTaste } from './served-taste.ts';
import { openState } from './state.ts';
import { createSurfaces } from './surfaces.ts';
import { createWait, type WaitOptions } from './taste.ts';

export interface WorkerParts { readonly rankers: readonly FirstPassRanker[]; readonly cohorts: readonly Cohort[]; readonly discovery: DiscoveryOptions; readonly space: SpaceHandle; readonly port: MessagePort; readonly secret: Uint8Array; readonly feed: FeedOptions; readonly seed: number }

/** Served records go to the main thread in batches, one message per turn of the event loop; their payloads are moved, not copied. */
const createSender = (port: MessagePort): ((record: LogRecord) => void) => {
  let batch: LogRecord[] = [];
  const send = (): void => {
    if (batch.length === 0) return;
    const records = batch;
    batch = [];
    port.postMessage({ type: 'served', records } satisfies ToMain, records.map(({ payload }) => payload.buffer as ArrayBuffer));
  };
  port.on('message', (message: ToWorker) => {
    if (message.type !== 'flush') return;
    send();
    port.postMessage({ type: 'flushed', id: message.id } satisfies ToMain);
  });
  return (record) => {
    batch.push(record);
    if (batch.length === 1) setImmediate(send);
  };
};

export const createWorkerPlatform = (parts: WorkerParts): Platform => {
  const state = openState(attachSpace(parts.space), { ...(parts.feed.values === undefined ? {} : { values: parts.feed.values }), rules: parts.discovery.rules, cohorts: parts.cohorts.map(({ name }) => name) });
  const remote = createRemote(parts.port);
  let wait: WaitOptions | undefined;
  parts.port.on('message', (message: ToWorker) => {
    if (message.type !== 'taste') return;
    state.taste = openServedTaste(attachSpace(message.access.space));
    wait = { ask: createAsker(message.access.port), waitMs: parts.feed.stateWaitMs };
  });
  const surfaces = createSurfaces({
    state, rankers: parts.rankers, cohorts: parts.cohorts, feed: parts.feed, discovery: parts.discovery, clock: systemClock, elapsed: () => performance.now(),
    random: { feed: seededRandom(parts.seed), discovery: seededRandom(parts.seed + 1) }, secret: parts.secret, refresh: () => { state.space.refresh(); state.taste?.refresh(); }, prepare: createWait(state, () => wait), emit: createSender(parts.port),
  });
  return {
    ...surfaces,
    putEntities: (entities) => remote.call('putEntities', clonable(entities)),
    members: (limit) => remote.call('members', limit),
    getEntity: (kind, id) => remote.call('getEntity', kind, id),
    deleteEntity: (kind, id) => remote.call('deleteEntity', kind, id),
    recordEvents: (events, options) => remote.call('recordEvents', clonable(events), options),
    trace: (requestId) => remote.call('trace', requestId),
    why: (member, trackingId, locale) => remote.call('why', member, trackingId, locale),
    erase: (member) => remote.call('erase', member),
    getConsent: (member) => remote.call('getConsent', member),
    setConsent: (member, allowed) => remote.call('setConsent', member, allowed),
    experiments: () => remote.call('experiments'),
    getExperiment: (key) => remote.call('getExperiment', key),
    putExperiment: (key, input) => remote.call('putExperiment', key, ...clonable([input])),
    deleteExperiment: (key) => remote.call('deleteExperiment', key),
    previewExperiment: (key, member) => remote.call('previewExperiment', key, member),
    modelsView: () => remote.call('modelsView'),
    journey: (member) => remote.call('journey', member),
    health: () => remote.call('health'),
    metrics: () => remote.call('metrics'),
    close: () => Promise.resolve(),
  };
};
