/** A data folder as a running platform: `log/` the truth, `models/` the models, `secret` what signs cursors and tokens. */
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DAY, systemClock, type Clock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import type { Millis } from '../core/ids.ts';
import { seededRandom, type Random } from '../core/random.ts';
import type { Cohort } from '../discovery/cohort.ts';
import type { DiscoveryOptions } from '../discovery/service.ts';
import { createRelevanceStore } from '../discovery/store.ts';
import { featureSetHash, type ServingModel } from '../feed/second-pass.ts';
import type { FeedOptions } from '../feed/service.ts';
import { openLmdbLog } from '../log/lmdb.ts';
import type { Log } from '../log/port.ts';
import { currentJourney } from '../models/journey/artefact.ts';
import { createModelStore, type ModelStore } from '../models/store.ts';
import { redact } from '../privacy/redact.ts';
import type { FirstPassRanker } from '../rankers/ranker.ts';
import { createPlatform, type MainPlatform } from './create.ts';
import { startEncoder } from './encoder-host.ts';
import { readModels } from './models-view.ts';

export interface OpenOptions {
  readonly data: string;
  readonly feed: FeedOptions;
  readonly clock?: Clock;
  /** Seeded, together with a simulated clock and `elapsed`, it makes a run repeatable to the byte. Default: seeded by the system. */
  readonly random?: Random;
  /** Milliseconds from any beginning: deadlines and traces are measured with it. Default: the machine's. */
  readonly elapsed?: () => number;
  readonly rankers?: readonly FirstPassRanker[];
  readonly cohorts?: readonly Cohort[];
  readonly discovery?: DiscoveryOptions;
  /** Plug-ins by name, as the configuration has them: the encoder's thread reads their actions. */
  readonly plugins?: readonly string[];
  readonly onReplay?: (records: number) => void;
  /** Served records older than this are dropped once a day; absent: kept. */
  readonly servedDays?: number;
  /** Told when a published model cannot be served; the one being served stays. */
  readonly onModelFault?: (error: unknown) => void;
}

export interface OpenPlatform extends MainPlatform {
  readonly data: string;
  readonly log: Log;
  readonly models: ModelStore;
  readonly secret: Uint8Array;
  /** Drops served records that are older than they are kept. */
  retire(): Promise<void>;
  /** Serves the models that the pointers name, where they are others. */
  refreshModel(): Promise<void>;
}

export const logFolder = (data: string): string => join(data, 'log');

/** Made once, readable by its owner alone. Two processes that start at once agree on one. */
export const folderSecret = (data: string): Uint8Array => {
  const file = join(data, 'secret');
  if (!existsSync(file)) {
    mkdirSync(data, { recursive: true });
    const own = `${file}.${process.pid}`;
    writeFileSync(own, randomBytes(32), { mode: 0o600 });
    try { linkSync(own, file); } catch (error) { if (!existsSync(file)) throw error; } finally { rmSync(own, { force: true }); }
  }
  return readFileSync(file);
};

const MODEL_POLL_MS = 500;
/** What is told of where the pointer itself cannot be read. */
const POINTER = 'current.json';

const servable = (model: ServingModel): ServingModel => {
  if (model.featureSetHash === featureSetHash()) return model;
  throw new ThroughlineError('server/storeNewer', `model ${model.version} was trained on other features than this version computes; the model being served stays. Train again`);
};

/** @throws server/storeInUse, server/storeNewer, server/storeCorrupt, server/storeUnwritable */
export const openPlatform = async (options: OpenOptions): Promise<OpenPlatform> => {
  const clock = options.clock ?? systemClock;
  const log = await openLmdbLog({ folder: logFolder(options.data), clock, redactor: redact });
  const models = createModelStore(options.data);
  const secret = folderSecret(options.data);
  const load = async (version: string): Promise<ServingModel> => servable((await models.load(version)).model);
  const platform = await createPlatform({
    log, clock, elapsed: options.elapsed ?? (() => performance.now()), random: options.random ?? seededRandom(randomBytes(4).readInt32LE()), secret, options: options.feed, loadModel: load,
    readModels: (serving) => readModels(options.data, models, serving),
    startEncoder: (state) => startEncoder({ data: options.data, state, clock, plugins: options.plugins ?? [], onFault: (error) => options.onModelFault?.(error) }),
    ...(options.rankers === undefined ? {} : { rankers: options.rankers }),
    ...(options.cohorts === undefined ? {} : { cohorts: options.cohorts }),
    ...(options.discovery === undefined ? {} : { discovery: options.discovery }),
    ...(options.onReplay === undefined ? {} : { onReplay: options.onReplay }),
  });
  /** Takes up what a pointer names, where it is another version. A version that cannot be served is told of once; another one, or a mended pointer, is tried again. */
  const following = (current: () => Promise<string | undefined>, serving: () => string | undefined, serve: (version: string) => Promise<void>) => {
    let refused: string | undefined;
    return async (): Promise<void> => {
      let version = POINTER;
      try {
        version = await current() ?? '';
        if (version === '' || version === serving() || version === refused) return;
        await serve(version);
      } catch (error) {
        if (refused !== version) options.onModelFault?.(error);
        refused = version;
      }
    };
  };
  const cohorts = createRelevanceStore(options.data);
  const followers = [
    following(models.current, () => platform.state.model.version, async (version) => { await platform.publish(await load(version)); }),
    following(() => currentJourney(options.data), () => platform.state.taste?.model, platform.serveJourney),
    following(cohorts.current, () => platform.state.relevance.current()?.version, async (version) => { await platform.serveRelevance((await cohorts.load(version)).model); }),
  ];
  // One after another: two at once would write down the same swap twice.
  let refreshing: Promise<void> = Promise.resolve();
  /** Orders of cohorts that experiments run against each other. */
  const followWanted = async (): Promise<void> => {
    const wanted = platform.wantedRelevance();
    if (wanted === undefined) return;
    const found = await Promise.all(wanted.map((version) => cohorts.load(version).catch((error: unknown) => { options.onModelFault?.(error); return undefined; })));
    platform.keepRelevance(found.flatMap((stored) => (stored === undefined ? [] : [stored.model])));
  };
  const refreshAll = async (): Promise<void> => { for (const follow of followers) await follow(); await followWanted(); };
  const refreshModel = (): Promise<void> => { refreshing = refreshing.then(refreshAll, refreshAll); return refreshing; };
  await refreshModel();
  const timer = setInterval(() => { refreshModel().catch((error: unknown) => options.onModelFault?.(error)); }, MODEL_POLL_MS);
  timer.unref();
  const retire = async (): Promise<void> => {
    if (options.servedDays !== undefined) await log.retain({ types: ['served', 'answered'], before: (clock.now() - options.servedDays * DAY) as Millis });
  };
  // A failure shows at the next write: what cannot be dropped cannot be written either.
  const daily = setInterval(() => { retire().catch(() => undefined); }, DAY);
  daily.unref();
  return {
    ...platform, data: options.data, log, models, secret, refreshModel,
    retire,
    close: async () => { clearInterval(timer); clearInterval(daily); await platform.close(); },
  };
};
