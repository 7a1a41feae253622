/** The real house for the demo: one data folder, one server on it. */
import { seededRandom } from '../core/random.ts';
import { feedOptions, loadConfig } from '../config.ts';
import { createHttpServer } from '../http/server.ts';
import { openLmdbLog } from '../log/lmdb.ts';
import { train } from '../models/train.ts';
import { logFolder, openPlatform } from '../platform/open.ts';
import type { OpenPlatform } from '../platform/open.ts';
import { serveInThread } from '../serve/serve.ts';
import type { Served } from '../serve/serve.ts';
import type { Transport } from '../world/client.ts';
import type { DemoHouse, OpenHouse } from './demo-life.ts';

export interface DemoAddress { readonly host: string; readonly port: number }

/** The demo looks at places more often than a real service would: its history is short, and the effect of a place is to be learned from it. */
const EXPLORATION = 0.2;
/** Nobody waits for a page of the past; a slow moment of this machine must not become part of it. */
const HISTORY_DEADLINE_MS = 10_000;

const percent = (share: number | undefined): string => share === undefined ? '?' : share.toFixed(3);

const trainOn = (platform: OpenPlatform, clock: Parameters<OpenHouse>[0]['clock']): DemoHouse['train'] => async (onProgress) => {
  await platform.idle();
  const log = await openLmdbLog({ folder: logFolder(platform.data), clock, readOnly: true });
  try {
    const { published, reason, card } = await train({ log, store: platform.models, clock, random: seededRandom(1), commit: process.env['npm_package_version'] ?? 'unknown', onProgress });
    await platform.refreshModel();
    return published ? `${card.version}, AUC ${percent(card.figures['auc'])}` : `not published: ${reason}`;
  } finally {
    await log.close();
  }
};

export const houseAt = (address: DemoAddress): OpenHouse => async ({ data, clock, history }) => {
  const config = await loadConfig(undefined, { host: address.host, port: address.port });
  const feed = feedOptions(config);
  const platform = await openPlatform({ data, clock, feed: history ? { ...feed, exploration: EXPLORATION, deadlineMs: HISTORY_DEADLINE_MS } : feed });
  const inProcess = createHttpServer({ platform, clock, config: { host: config.host, keys: config.keys, tokenSecret: platform.secret } });
  const transport: Transport = async ({ method, path, body, headers }) => {
    const answer = await inProcess.inject({ method, url: path, ...(body === undefined ? {} : { payload: body }), ...(headers === undefined ? {} : { headers }) });
    return { status: answer.statusCode, body: answer.body };
  };
  let served: Served | undefined;
  return {
    transport, train: trainOn(platform, clock),
    listen: async () => {
      served = await serveInThread(platform, config, clock);
      return served.url;
    },
    close: async () => {
      await served?.close();
      await inProcess.close();
      await platform.close();
    },
  };
};
