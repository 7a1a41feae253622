/** A real server on a free loopback port over the memory platform. */
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { manualClock } from '../../src/core/clock.ts';
import { createKey, type KeyRecord } from '../../src/http/auth.ts';
import { type Scope } from '../../src/core/scopes.ts';
import type { Log } from '../../src/http/route.ts';
import { createHttpServer, type HttpConfig } from '../../src/http/server.ts';
import { createMemoryPlatform, type MemoryPlatform } from './memory-platform.ts';

export const TOKEN_SECRET: Uint8Array = new Uint8Array(32).fill(7);

export interface TestServer {
  readonly url: string;
  readonly app: FastifyInstance;
  readonly platform: MemoryPlatform;
  readonly clock: ReturnType<typeof manualClock>;
  close(): Promise<void>;
}

export interface TestOptions extends Partial<Omit<HttpConfig, 'tokenSecret'>> { readonly logger?: Log }

export const startServer = async (options: TestOptions = {}): Promise<TestServer> => {
  const { logger, ...config } = options;
  const clock = manualClock(Date.now());
  const platform = createMemoryPlatform(clock);
  const app = createHttpServer({ platform, clock, config: { host: '127.0.0.1', keys: [], tokenSecret: TOKEN_SECRET, webRoot: '/nowhere', ...config }, ...(logger === undefined ? {} : { logger }) });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`, app, platform, clock, close: () => app.close() };
};

export const testKey = (name: string, scopes: readonly Scope[]): { readonly key: string; readonly record: KeyRecord } => {
  const { key, hash } = createKey();
  return { key, record: { name, hash, scopes } };
};
