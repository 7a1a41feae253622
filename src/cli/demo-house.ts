/** The real house for the demo: one data folder, one server on it. */
import { seededRandom } from '../core/random.ts';
import { feedOptions, loadConfig } from '../config.ts';
import { closeGracefully, createHttpServer } from '../http/server.ts';
import { train } from '../models/train.ts';
import { openPlatform, type OpenPlatform } from '../platform/open.ts';
import type { Transport } from '../world/client.ts';
import { CLOSE_WITHIN_MS, portInUse } from '../serve/serve.ts';
import { DEMO_BUDGET_MS, hasFreshJourney } from './demo-journey.ts';
import type { DemoHouse, HouseOptions } from './demo-life.ts';
import { trainJourneyApart } from './train-journey.ts';
import { codeVersion } from './train.ts';

const SEED = 7;
/** The past tries more orders than a real service would: it is short, and the effect of a place is to be learned from it. */
const EXPLORATION = 0.2;
/** Nobody waits for a page of the past; a slow moment of this machine must not become part of it, nor a state that the journey model is late with. */
const HISTORY_DEADLINE_MS = 10_000;

export interface House extends DemoHouse { readonly platform: OpenPlatform }

export const houseAt = (address: { readonly host: string; readonly port: number }) => async ({ data, clock, history, random }: HouseOptions): Promise<House> => {
  const config = await loadConfig(undefined, { host: address.host, port: address.port });
  const feed = feedOptions(config);
  const platform = await openPlatform({
    data, clock, feed: history ? { ...feed, exploration: EXPLORATION, deadlineMs: HISTORY_DEADLINE_MS, stateWaitMs: HISTORY_DEADLINE_MS } : feed,
    // In a run that is to be repeatable only the simulated clock tells time.
    ...(random === undefined ? {} : { random, elapsed: () => clock.now() }),
  });
  const server = createHttpServer({ platform, clock, config: { host: config.host, keys: config.keys, tokenSecret: platform.secret } });
  const transport: Transport = async ({ method, path, body, headers }) => {
    const answer = await server.inject({ method, url: path, ...(body === undefined ? {} : { payload: body }), ...(headers === undefined ? {} : { headers }) });
    // Pages are recorded a moment after they are served, by the machine's own clock; what the next page costs an advertiser depends on them.
    if (random !== undefined) await platform.idle();
    return { status: answer.statusCode, body: answer.body };
  };
  return {
    platform, transport,
    train: async (onProgress) => {
      await platform.idle();
      const { version, published, reason } = await train({ log: platform.log, store: platform.models, clock, random: seededRandom(SEED), commit: codeVersion(), onProgress });
      await platform.refreshModel();
      return published ? version : reason;
    },
    trainJourney: async (signal) => {
      if (await hasFreshJourney(data, clock.now())) return undefined;
      const { version } = await trainJourneyApart({ data, seed: SEED, commit: codeVersion(), budgetMs: DEMO_BUDGET_MS }, { signal });
      if (!signal.aborted) await platform.refreshModel();
      return version;
    },
    listen: () => server.listen({ host: config.host, port: config.port }).catch((error: unknown) => { throw portInUse(config.host, config.port, error); }),
    close: async () => {
      await closeGracefully(server, { withinMs: CLOSE_WITHIN_MS });
      await platform.close();
    },
  };
};
