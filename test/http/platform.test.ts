import type { AddressInfo } from 'node:net';
import { systemClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { createHttpServer } from '../../src/http/server.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { createPlatform } from '../../src/platform/create.ts';
import { TOKEN_SECRET } from '../support/http-server.ts';
import { httpSuite } from './suites/index.ts';

httpSuite(async ({ keys = [] } = {}) => {
  const platform = await createPlatform({
    log: createMemoryLog({ partitions: 1, clock: systemClock }), clock: systemClock, elapsed: () => performance.now(), random: seededRandom(1), secret: TOKEN_SECRET,
    options: { deadlineMs: 1000, cursorLifetimeMs: 600_000, exploration: 0, stateWaitMs: 1000 }, loadModel: async () => undefined,
  });
  const app = createHttpServer({ platform, clock: systemClock, config: { host: '127.0.0.1', keys, tokenSecret: TOKEN_SECRET, webRoot: '/nowhere' } });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`, close: async () => { await app.close(); await platform.close(); } };
});
