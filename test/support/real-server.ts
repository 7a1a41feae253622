/** The real thing: a platform over LMDB in a temporary folder, served in this process or by the program itself. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { configSchema, discoveryOptions, feedOptions, type Config } from '../../src/config.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { KeyRecord } from '../../src/http/auth.ts';
import type { FeedItem, FeedPage } from '../../src/http/contracts.ts';
import type { Platform } from '../../src/platform/api.ts';
import { openPlatform, type OpenPlatform } from '../../src/platform/open.ts';
import type { Cohort } from '../../src/discovery/cohort.ts';
import type { DiscoveryOptions } from '../../src/discovery/service.ts';
import type { FirstPassRanker } from '../../src/rankers/ranker.ts';
import { serveInThread } from '../../src/serve/serve.ts';

export const PROGRAM: string = fileURLToPath(new URL('../../bin/throughline.mjs', import.meta.url));

const folders: string[] = [];
afterAll(() => { for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true }); });

/** A new folder that goes when the test file ends. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-test-'));
  folders.push(folder);
  return folder;
};

/** Nothing is left to chance in the order of a page unless a test asks for it. */
export const testConfig = (changes: Readonly<Record<string, unknown>> = {}): Config =>
  configSchema.parse({ port: 0, log: 'silent', ...changes, feed: { exploration: 0, newcomers: 0, stateWaitMs: 1000, ...(changes['feed'] as object | undefined) } });

export interface TestPlatformOptions {
  readonly data?: string;
  readonly clock?: Clock;
  readonly rankers?: readonly FirstPassRanker[];
  readonly cohorts?: readonly Cohort[];
  readonly discovery?: Partial<DiscoveryOptions>;
  readonly feed?: Readonly<Record<string, unknown>>;
  readonly onModelFault?: (error: unknown) => void;
}

export const openTestPlatform = (options: TestPlatformOptions = {}): Promise<OpenPlatform> => openPlatform({
  data: options.data ?? temporaryFolder(), feed: feedOptions(testConfig({ feed: options.feed ?? {} })),
  ...(options.clock === undefined ? {} : { clock: options.clock }), ...(options.rankers === undefined ? {} : { rankers: options.rankers }),
  ...(options.cohorts === undefined ? {} : { cohorts: options.cohorts }), discovery: { ...discoveryOptions(testConfig()), ...options.discovery },
  ...(options.onModelFault === undefined ? {} : { onModelFault: options.onModelFault }),
});

export interface InProcess { readonly url: string; readonly platform: OpenPlatform; close(): Promise<void> }

export const serveInProcess = async (options: TestPlatformOptions & { readonly keys?: readonly KeyRecord[] } = {}): Promise<InProcess> => {
  const platform = await openTestPlatform(options);
  const served = await serveInThread(platform, testConfig({ keys: options.keys ?? [] }), options.clock);
  return { url: served.url, platform, close: async () => { await served.close(); await platform.close(); } };
};

export interface Spawned {
  readonly url: string;
  readonly data: string;
  /** Of the process that writes the log. */
  readonly pid: number;
  readonly child: ChildProcess;
  /** Asks it to stop and resolves with its exit code. */
  close(): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface SpawnOptions {
  readonly data?: string;
  readonly workers?: number;
  readonly keys?: readonly KeyRecord[];
  readonly plugins?: readonly string[];
  /** Rankers that are services, as in the configuration. */
  readonly remotes?: readonly Readonly<Record<string, unknown>>[];
  /** Other settings, as in the configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Put before the command, for example strace and its options. */
  readonly under?: (command: readonly string[]) => readonly [string, ...string[]];
}

const firstLine = (child: ChildProcess): Promise<string> => new Promise((resolve, reject) => {
  let output = '';
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => { errors += text; });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.includes('\n')) resolve(output.slice(0, output.indexOf('\n')));
  });
  child.once('close', (code) => { reject(new Error(`the server ended with ${code ?? 'a signal'} before it was up: ${errors}`)); });
});

/** `throughline serve --json --port 0`, up. */
export const spawnServer = async (options: SpawnOptions = {}): Promise<Spawned> => {
  const data = options.data ?? temporaryFolder();
  const config = join(temporaryFolder(), 'config.json');
  writeFileSync(config, JSON.stringify({ log: 'error', feed: { exploration: 0, newcomers: 0, stateWaitMs: 1000 }, keys: options.keys ?? [], plugins: options.plugins ?? [], remotes: options.remotes ?? [], ...options.config }));
  const command = [process.execPath, PROGRAM, 'serve', '--data', data, '--port', '0', '--workers', String(options.workers ?? 0), '--config', config, '--json'];
  const [program = '', ...args] = options.under?.(command) ?? command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const { url, pid } = JSON.parse(await firstLine(child)) as { readonly url: string; readonly pid: number };
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const closed = once(child, 'close') as Promise<[number | null]>;
    // strace passes signals on to nobody: the server itself is told.
    process.kill(pid, signal);
    const [code] = await closed;
    return code;
  };
  return { url, data, pid, child, stop, close: async () => { await stop(); } };
};

export interface PageOptions { readonly limit?: number; readonly sort?: 'relevance' | 'recent'; readonly cursor?: string | null }

/** A page straight from a platform. */
export const page = async (platform: Platform, member: string, options: PageOptions = {}): Promise<FeedPage> => {
  const { cursor } = options;
  const { json } = await platform.feed({ member, limit: options.limit ?? 20, sort: options.sort ?? 'relevance', ...(cursor === undefined || cursor === null ? {} : { cursor }) });
  return JSON.parse(Buffer.from(json).toString('utf8')) as FeedPage;
};

/** Every page from here to the end. */
export const allPages = async (platform: Platform, member: string, options: PageOptions & { readonly between?: (page: FeedPage) => Promise<unknown> } = {}): Promise<FeedPage[]> => {
  const pages: FeedPage[] = [];
  let cursor = options.cursor;
  do {
    const next = await page(platform, member, { ...options, ...(cursor === undefined ? {} : { cursor }) });
    pages.push(next);
    if (next.nextCursor !== null) await options.between?.(next);
    cursor = next.nextCursor;
  } while (cursor !== null);
  return pages;
};

export const namesOf = (items: readonly FeedItem[]): string[] => items.map(({ item }) => item);
