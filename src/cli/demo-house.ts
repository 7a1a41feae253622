/** The real house for the demo: one data folder, one server on it. */
import type { Clock } from '../core/clock.ts';
import { seededRandom } from '../core/random.ts';
import { feedOptions, loadConfig } from '../config.ts';
import { closeGracefully, createHttpServer } from '../http/server.ts';
import { train } from '../models/train.ts';
import { openPlatform } from '../platform/open.ts';
import type { Transport } from '../world/client.ts';
import { CLOSE_WITHIN_MS, portInUse } from '../serve/serve.ts';
import type { OpenHouse } from './demo-life.ts';
import { codeVersion } from './train.ts';

const SEED = 7;

export const houseAt = (address: { readonly host: string; readonly port: number }): OpenHouse => async ({ data, clock }: { readonly data: string; readonly clock: Clock }) => {
  const config = await loadConfig(undefined, { host: address.host, port: address.port });
  const platform = await openPlatform({ data, clock, feed: feedOptions(config) });
  const server = createHttpServer({ platform, clock, config: { host: config.host, keys: config.keys, tokenSecret: platform.secret } });
  const transport: Transport = async ({ method, path, body, headers }) => {
    const answer = await server.inject({ method, url: path, ...(body === undefined ? {} : { payload: body }), ...(headers === undefined ? {} : { headers }) });
    return { status: answer.statusCode, body: answer.body };
  };
  return {
    transport,
    train: async (onProgress) => {
      await platform.idle();
      const { version, published, reason } = await train({ log: platform.log, store: platform.models, clock, random: seededRandom(SEED), commit: codeVersion(), onProgress });
      await platform.refreshModel();
      return published ? version : reason;
    },
    listen: () => server.listen({ host: config.host, port: config.port }).catch((error: unknown) => { throw portInUse(config.host, config.port, error); }),
    close: async () => {
      await closeGracefully(server, { withinMs: CLOSE_WITHIN_MS });
      await platform.close();
    },
  };
};
