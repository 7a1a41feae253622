/** One schema, its defaults, and the loader: unknown keys are errors, and every problem is reported together. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { MINUTE } from './core/clock.ts';
import { ThroughlineError } from './core/errors.ts';
import { describeIssues } from './core/validation.ts';
import { SCOPES } from './core/scopes.ts';
import { remoteCohortSchema } from './discovery/remote.ts';
import { DEFAULT_RULES, rulesSchema } from './discovery/rules.ts';
import { DISCOVERY_DEFAULTS, type DiscoveryOptions } from './discovery/service.ts';
import { SPONSORED_DEFAULTS, type SponsoredOptions } from './feed/objectives/settings.ts';
import { actionValuesSchema, DEFAULT_VALUES, type ActionValues } from './feed/values.ts';
import { remoteSchema } from './rankers/remote/ranker.ts';

export const configSchema = z.strictObject({
  host: z.string().default('127.0.0.1').describe('Address to listen on; beyond loopback, keys are required'),
  port: z.int().min(0).max(65_535).default(7700).describe('Port to listen on; 0 takes a free one'),
  workers: z.int().min(0).max(64).default(0).describe('Threads that answer requests; 0 answers in the main thread'),
  feed: z.strictObject({
    deadlineMs: z.int().min(1).max(60_000).default(250).describe('Within this a page must be ready; what is missing by then is left out'),
    cursorLifetimeMinutes: z.number().positive().max(1440).default(120).describe('How long a cursor goes on'),
    stateWaitMs: z.number().min(0).max(1000).default(5).describe('How long a page waits, at most, for the journey model to take in what its member just did; after that it is made with the state before'),
    sponsored: z.strictObject({
      alpha: z.number().min(0).max(1e9).default(SPONSORED_DEFAULTS.alpha).describe('Value that a unit of currency makes up for: sponsored cards stand where the page is worth most, by the values of all its cards and this times what it is expected to earn. `throughline sponsored` solves it for the engagement that is to be kept'),
      currency: z.string().regex(/^[A-Z]{3}$/u, 'must be a currency such as EUR').default(SPONSORED_DEFAULTS.currency).describe('Campaigns that bid in another currency are not served, for bids could not be compared'),
      topSlot: z.int().min(0).max(1000).default(SPONSORED_DEFAULTS.rules.topSlot).describe('The first place of a feed that a sponsored card may take, counted from 0'),
      minGap: z.int().min(1).max(1000).default(SPONSORED_DEFAULTS.rules.minGap).describe('Places from one sponsored card to the next, at least'),
      most: z.int().min(0).max(1000).default(SPONSORED_DEFAULTS.rules.most).describe('Sponsored cards in one feed, at most; 0 for none'),
      hideCeiling: z.number().min(0).max(1).default(SPONSORED_DEFAULTS.rules.hideCeiling).describe('A sponsored card that its viewer would hide with a higher probability than this is not served'),
    }).prefault({}),
    values: actionValuesSchema.default(DEFAULT_VALUES).describe('What the predicted actions are worth'),
    exploration: z.number().min(0).max(1).default(0.05).describe('Share of first pages on which two places change items at random, so that the effect of a place can be learned'),
    newcomers: z.number().min(0).max(1).default(0.1).describe('Share of first pages on which one card goes to a maker or an item that hardly anybody was shown yet'),
  }).prefault({}),
  discovery: z.strictObject({
    deadlineMs: z.int().min(1).max(60_000).default(DISCOVERY_DEFAULTS.deadlineMs).describe('Within this the cohorts must be ready; what is missing by then is left out'),
    cursorLifetimeMinutes: z.number().positive().max(1440).default(DISCOVERY_DEFAULTS.cursorLifetimeMs / MINUTE).describe('How long a cursor of "See all" goes on'),
    rules: rulesSchema.default(DEFAULT_RULES).describe('Which cohorts, in which order, for whom, how many'),
  }).prefault({}),
  cohorts: z.array(remoteCohortSchema).max(64).default([]).describe('Cohorts that are services of their own, asked over HTTP'),
  plugins: z.array(z.string().min(1).max(1024)).max(64).default([]).describe('Modules that add first-pass rankers, cohorts, actions and entity kinds: paths from the working folder, ./mine.mjs, or packages'),
  remotes: z.array(remoteSchema).max(64).default([]).describe('First-pass rankers that are services of their own, asked over HTTP'),
  retention: z.strictObject({
    servedDays: z.int().min(1).max(3650).default(90).describe('How long served pages are kept, for learning and for traces; at about 330 bytes an item they are most of the log'),
  }).prefault({}),
  keys: z.array(z.strictObject({ name: z.string().min(1).max(64), hash: z.string().regex(/^[0-9a-f]{64}$/i, 'must be a SHA-256 in hex, as `throughline key` prints it'), scopes: z.array(z.enum(SCOPES)) })).default([]).describe('API keys by name: what is stored is their SHA-256'),
  log: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('warn').describe('How much the server tells on standard error'),
});
export type Config = z.infer<typeof configSchema>;

/** @param overrides from the command line; undefined ones are left out. @throws client/invalidConfig with every problem */
export const loadConfig = async (file: string | undefined, overrides: Readonly<Record<string, unknown>>): Promise<Config> => {
  const text = file === undefined ? '{}' : await readFile(file, 'utf8').catch((cause: unknown) => { throw new ThroughlineError('client/invalidConfig', `the configuration file ${file} cannot be read; name an existing JSON file with --config`, { cause }); });
  let written: unknown;
  try { written = JSON.parse(text); } catch (cause) { throw new ThroughlineError('client/invalidConfig', `the configuration file ${file ?? ''} is not valid JSON: ${cause instanceof Error ? cause.message : ''}`, { cause }); }
  if (typeof written !== 'object' || written === null || Array.isArray(written)) throw new ThroughlineError('client/invalidConfig', `the configuration file ${file ?? ''} must hold one JSON object, with settings by name`, file === undefined ? {} : { where: { file } });
  const given = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
  const parsed = configSchema.safeParse({ ...written, ...given });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => describeIssues([issue]).detail);
  throw new ThroughlineError('client/invalidConfig', `${file ?? 'the configuration'}: ${problems.join('; ')}`, file === undefined ? {} : { where: { file } });
};

export interface FeedSettings { readonly deadlineMs: number; readonly cursorLifetimeMs: number; readonly exploration: number; readonly newcomers: number; readonly stateWaitMs: number; readonly values: ActionValues; readonly sponsored: SponsoredOptions }

export const feedOptions = ({ feed: { sponsored: { alpha, currency, ...rules }, ...feed } }: Config): FeedSettings => ({
  deadlineMs: feed.deadlineMs, cursorLifetimeMs: feed.cursorLifetimeMinutes * MINUTE, exploration: feed.exploration, newcomers: feed.newcomers, stateWaitMs: feed.stateWaitMs, values: feed.values,
  sponsored: { alpha, currency, rules: { version: SPONSORED_DEFAULTS.rules.version, ...rules } },
});

export const discoveryOptions = ({ discovery: { deadlineMs, cursorLifetimeMinutes, rules } }: Config): DiscoveryOptions => ({ deadlineMs, cursorLifetimeMs: cursorLifetimeMinutes * MINUTE, rules });
