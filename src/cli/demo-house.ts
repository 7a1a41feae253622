/** The real house for the demo: one data folder, one server on it. */
import type { Clock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import { feedOptions, loadConfig } from '../config.ts';
import { closeGracefully, createHttpServer } from '../http/server.ts';
import { openPlatform } from '../platform/open.ts';
import type { Transport } from '../world/client.ts';
import type { OpenHouse } from './demo-life.ts';

const CLOSE_WITHIN_MS = 3000;

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
    listen: () => server.listen({ host: config.host, port: config.port }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') throw new ThroughlineError('server/portInUse', `port ${config.port} of ${config.host} is taken, perhaps by another demo; stop that one, or choose another port with --port`, { cause: error });
      throw error;
    }),
    close: async () => {
      await closeGracefully(server, { withinMs: CLOSE_WITHIN_MS });
      await platform.close();
    },
  };
};
