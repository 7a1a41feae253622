/** The network that the benchmarks run on: made from a seed, every kind in it, sized so that the first pass finds 500 candidates and more for everybody. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY, MINUTE, systemClock } from '../../src/core/clock.ts';
import { seededRandom, type Random } from '../../src/core/random.ts';
import { featureSetHash } from '../../src/feed/second-pass.ts';
import { FEATURE_NAMES } from '../../src/models/features.ts';
import { MODEL_FORMAT, type ModelFile } from '../../src/models/store.ts';
import { openPlatform, type OpenPlatform } from '../../src/platform/open.ts';
import { publishJourney } from '../../test/support/journey-model.ts';

export interface NetworkSize { readonly members: number; readonly articles: number; readonly posts: number; readonly jobs: number; readonly courses: number; readonly groups: number; readonly gatherings: number; readonly campaigns: number; readonly eventsPerMember: number }

/** Members and what they did stay; what there is to rank grows. */
const networkOf = (items: number): NetworkSize => ({ members: 2000, articles: 0.55 * items, posts: 0.3 * items, jobs: 0.1 * items, courses: 0.02 * items, groups: 0.015 * items, gatherings: 0.015 * items, campaigns: 60, eventsPerMember: 60 });
/** BENCH_ITEMS says another number of items. */
export const NETWORK: NetworkSize = networkOf(Number(process.env['BENCH_ITEMS'] ?? 20_000));
export const FEED = { deadlineMs: 250, cursorLifetimeMs: 120 * MINUTE, exploration: 0.05, newcomers: 0.1, stateWaitMs: 5 };

const TERMS = 200;
const CONNECTIONS = 40;
const COMPANIES = 100;
const BATCH = 1000;

const from = (random: Random, count: number): number => Math.floor(random.next() * count);
/** The newer (higher) ones more often: content ages. */
const recentOf = (random: Random, count: number): number => count - 1 - Math.floor(count * random.next() ** 3);
const termsOf = (random: Random, count: number): string[] => Array.from({ length: count }, () => `topic ${Math.floor(TERMS * random.next() ** 2)}`);
const WORDS = 'growth teams data review practice market hiring skills design early lessons planning customers cost leaders product change'.split(' ');
const words = (random: Random, count: number): string => Array.from({ length: count }, () => WORDS[from(random, WORDS.length)] ?? '').join(' ');

function* entities(size: NetworkSize, random: Random, now: number): Generator<object> {
  const dated = (index: number, count: number, days: number): string => new Date(now - days * DAY * (1 - index / count) - MINUTE).toISOString();
  for (let i = 0; i < COMPANIES; i++) yield { kind: 'company', id: `c${i}`, createdAt: dated(0, 1, 60), attributes: { name: `Company ${i}`, industry: 'Software' } };
  for (let i = 0; i < size.members; i++) {
    yield {
      kind: 'member', id: `m${i}`, createdAt: dated(0, 1, 60),
      attributes: {
        name: `Member ${i}`, ...(i % 20 === 0 ? { creator: true } : {}), headline: words(random, 5), company: `company:c${from(random, COMPANIES)}`, skills: termsOf(random, 5), topics: termsOf(random, 3),
        connections: Array.from({ length: CONNECTIONS / 2 }, () => `member:m${(i + 1 + Math.floor(random.next() ** 2 * (size.members - 1))) % size.members}`),
        follows: Array.from({ length: 5 }, () => `company:c${from(random, COMPANIES)}`),
      },
    };
  }
  for (let i = 0; i < size.articles; i++) {
    yield { kind: 'article', id: `a${i}`, createdAt: dated(i, size.articles, 30), attributes: { title: words(random, 8), summary: words(random, 30), source: 'The Review', url: `https://example.org/a/${i}`, topics: termsOf(random, 3), ...(i % 4 === 0 ? { mentions: [`company:c${from(random, COMPANIES)}`] } : {}), ...(i % 3 === 0 ? {} : { author: `company:c${from(random, COMPANIES)}` }) } };
  }
  for (let i = 0; i < size.posts; i++) yield { kind: 'post', id: `p${i}`, createdAt: dated(i, size.posts, 20), attributes: { text: words(random, 40), author: `member:m${from(random, size.members)}`, topics: termsOf(random, 2) } };
  for (let i = 0; i < size.jobs; i++) yield { kind: 'job', id: `j${i}`, createdAt: dated(i, size.jobs, 30), attributes: { title: words(random, 4), company: `company:c${from(random, COMPANIES)}`, description: words(random, 60), skills: termsOf(random, 4), place: 'Lisbon', mode: 'remote' } };
  for (let i = 0; i < size.courses; i++) yield { kind: 'course', id: `k${i}`, createdAt: dated(i, size.courses, 60), attributes: { title: words(random, 4), summary: words(random, 30), skills: termsOf(random, 3) } };
  for (let i = 0; i < size.groups; i++) yield { kind: 'group', id: `g${i}`, createdAt: dated(i, size.groups, 60), attributes: { name: words(random, 3), about: words(random, 30), topics: termsOf(random, 2) } };
  for (let i = 0; i < size.gatherings; i++) yield { kind: 'event', id: `v${i}`, createdAt: dated(i, size.gatherings, 20), attributes: { title: words(random, 4), summary: words(random, 30), author: `company:c${from(random, COMPANIES)}`, startsAt: new Date(now + (1 + i % 30) * DAY).toISOString(), topics: termsOf(random, 2) } };
  for (let i = 0; i < size.campaigns; i++) {
    yield {
      kind: 'campaign', id: `s${i}`, createdAt: dated(0, 1, 10),
      attributes: { item: `article:a${from(random, size.articles)}`, advertiser: `company:c${from(random, COMPANIES)}`, pays: i % 2 === 0 ? 'click' : 'impressions', bid: 1 + 9 * random.next(), budget: 1e6, currency: 'EUR', startsAt: new Date(now - 5 * DAY).toISOString(), endsAt: new Date(now + 30 * DAY).toISOString(), ...(i % 3 === 0 ? { targeting: { skills: termsOf(random, 3) } } : {}) },
    };
  }
}

const ACTIONS = ['click', 'click', 'click', 'longView', 'like', 'like', 'comment', 'share'];

/** In order of time, so that histories end now. */
function* events(size: NetworkSize, random: Random, now: number): Generator<object> {
  const total = size.members * size.eventsPerMember;
  for (let i = 0; i < total; i++) {
    const at = new Date(now - 10 * DAY * (1 - i / total) - MINUTE).toISOString();
    const kind = random.next();
    const item = kind < 0.04 ? `group:g${from(random, size.groups)}` : kind < 0.08 ? `event:v${from(random, size.gatherings)}` : kind < 0.12 ? `job:j${recentOf(random, size.jobs)}` : kind < 0.45 ? `post:p${recentOf(random, size.posts)}` : `article:a${recentOf(random, size.articles)}`;
    const common = { id: `e${i}`, member: `member:m${from(random, size.members)}`, item, at };
    yield random.next() < 0.25 ? { ...common, type: 'impression', trackingId: `x${i}-1`, span: `s${i}`, visibleMs: 900 } : { ...common, type: 'action', action: kind < 0.04 ? 'join' : kind < 0.08 ? 'attend' : kind < 0.12 ? 'save' : ACTIONS[from(random, ACTIONS.length)] };
  }
}

const store = async (values: Iterable<object>, put: (batch: object[]) => Promise<{ readonly rejected: readonly { readonly detail: string }[] }>): Promise<void> => {
  let batch: object[] = [];
  const flush = async (): Promise<void> => {
    const { rejected } = await put(batch);
    if (rejected[0] !== undefined) throw new Error(`the benchmark's own data was refused: ${rejected[0].detail}`);
    batch = [];
  };
  for (const value of values) {
    batch.push(value);
    if (batch.length === BATCH) await flush();
  }
  if (batch.length > 0) await flush();
};

/** A model of the size that training makes: a head for each action that is worth something and two more, weights at random but small. */
const saveModel = async (platform: OpenPlatform, random: Random): Promise<void> => {
  const version = 'bench-1';
  const weight = (name: string): number => (random.next() - 0.5) * 0.1 + (name.startsWith('score:') ? 0.3 : 0);
  const heads = ['interact', 'click', 'like', 'hide', 'report'].map((name) => ({ name, weights: FEATURE_NAMES.map(weight), bias: -3, floor: 0 }));
  const model: ModelFile = { format: MODEL_FORMAT, model: 'second-pass', version, featureSetHash: featureSetHash(), features: [...FEATURE_NAMES], heads, examination: [] };
  await platform.models.save(model, {
    format: MODEL_FORMAT, model: model.model, version, createdAt: new Date(systemClock.now()).toISOString(), trainedThrough: [], dataWindow: { from: '', to: '' }, examples: 0, figures: {},
    featureSetHash: model.featureSetHash, commit: '', positionCorrection: 'off', positionCorrectionWhy: 'weights for a benchmark, not learned', previous: null, gate: 'none',
  });
  await platform.models.publish(version);
  await platform.refreshModel();
};

/** The journey model that serves: of the size that training makes, its numbers drawn and not learned. It knows the newest articles and posts by name; everything else by content. */
export const JOURNEY_SIZES = { width: 64, blocks: 1, heads: 2, window: 200, dropout: 0, temperature: 0.06 };
const KNOWN = 20_000;
const newest = (kind: string, count: number): string[] => Array.from({ length: Math.min(KNOWN, count) }, (_, i) => `${kind}${Math.floor(count) - 1 - i}`);

/** Fills an empty folder. */
export const buildNetwork = async (data: string, size: NetworkSize = NETWORK): Promise<void> => {
  const random = seededRandom(7);
  const now = systemClock.now();
  const platform = await openPlatform({ data, feed: FEED });
  await store(entities(size, random.fork('entities'), now), (batch) => platform.putEntities(batch));
  await store(events(size, random.fork('events'), now), (batch) => platform.recordEvents(batch, { history: false }));
  await saveModel(platform, random.fork('model'));
  await platform.close();
  await publishJourney(data, { items: [...newest('article:a', size.articles), ...newest('post:p', size.posts)], sizes: JOURNEY_SIZES });
};

/** Runs with a folder holding the network, and removes it. BENCH_DATA names one to keep between runs. */
export const withNetwork = async (work: (data: string) => Promise<void>): Promise<void> => {
  const kept = process.env['BENCH_DATA'];
  const data = kept ?? mkdtempSync(join(tmpdir(), 'throughline-bench-'));
  try {
    const probe = await openPlatform({ data, feed: FEED });
    const isEmpty = probe.state.catalog.entities.size() === 0;
    await probe.close();
    if (isEmpty) await buildNetwork(data);
    await work(data);
  } finally {
    if (kept === undefined) rmSync(data, { recursive: true, force: true });
  }
};

