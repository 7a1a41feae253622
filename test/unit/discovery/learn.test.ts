import { expect, test } from 'vitest';
import { MINUTE, type Clock } from '../../../src/core/clock.ts';
import type { Millis } from '../../../src/core/ids.ts';
import { seededRandom } from '../../../src/core/random.ts';
import { trainDiscovery } from '../../../src/discovery/learn.ts';
import { COHORTS } from '../../../src/discovery/pool/index.ts';
import { COHORT_FEATURE_NAMES, COHORT_FEATURE_SET } from '../../../src/discovery/features.ts';
import { DEFAULT_RULES, rulesSchema, type DiscoveryRules } from '../../../src/discovery/rules.ts';
import type { RelevanceModel } from '../../../src/discovery/second-pass.ts';
import { createRelevanceStore } from '../../../src/discovery/store.ts';
import { discoveryNetwork, type DiscoveryNetwork } from '../../support/discovery-network.ts';
import { temporaryFolder } from '../../support/real-server.ts';

const RANDOM = rulesSchema.parse({ ...DEFAULT_RULES, order: 'random', most: 20, items: 4 });
const VIEWERS = ['ana', ...Array.from({ length: 8 }, (_, i) => `c${i}`)];

/** Members visit again and again; whoever sees a hashtag or a group follows it by a coin that lands well, anything else by one that seldom does. */
const live = async ({ platform, clock, page }: DiscoveryNetwork, visits: number): Promise<void> => {
  const random = seededRandom(5);
  for (let visit = 0; visit < visits; visit++) {
    clock.advance(MINUTE);
    const member = VIEWERS[visit % VIEWERS.length] ?? 'ana';
    const { cohorts } = await page(member);
    const at = new Date(clock.now()).toISOString();
    const events = cohorts.flatMap(({ name, items }) => items.flatMap(({ trackingId, item }) => {
      const common = { member: `member:${member}`, item, trackingId, at, surface: 'discovery' };
      const acted = random.next() < (name === 'hashtags' || name === 'groupsForYou' ? 0.4 : 0.04);
      return [{ ...common, type: 'impression', id: `${trackingId}.i`, span: 's', visibleMs: 900 }, ...(acted ? [{ ...common, type: 'action', id: `${trackingId}.a`, action: 'view' }] : [])];
    }));
    await platform.recordEvents(events, { history: false });
  }
  await platform.idle();
};

const learn = async ({ platform, clock }: DiscoveryNetwork) => {
  const store = createRelevanceStore(temporaryFolder());
  return { store, outcome: await trainDiscovery({ log: platform.log, store, clock: clock as Clock & { now(): Millis }, commit: 'test' }) };
};

test('learns which cohorts are acted on, and orders them so where the rules say relevance', async () => {
  const network = await discoveryNetwork({ discovery: { rules: RANDOM } });
  await live(network, 60);
  const { store, outcome } = await learn(network);
  expect(outcome.card.acted).toBeGreaterThan(30);
  const { model } = await store.load(outcome.version);
  const worth = (name: string): number => model.cohorts[name] ?? 0;
  for (const { name } of COHORTS) if (name !== 'hashtags' && name !== 'groupsForYou' && Object.hasOwn(model.cohorts, name)) expect(worth('hashtags'), name).toBeGreaterThan(worth(name));

  const serving = await discoveryNetwork({ discovery: { rules: rulesSchema.parse({ ...DEFAULT_RULES, order: 'relevance', most: 20 }) } });
  expect((await serving.page('ana')).order).toBe('rules');
  await serving.platform.serveRelevance(model);
  const ordered = await serving.page('ana');
  expect(ordered.order).toBe(outcome.version);
  expect(ordered.cohorts.slice(0, 2).map(({ name }) => name).sort()).toEqual(['groupsForYou', 'hashtags']);
});

test('says what is missing where too little was acted on', async () => {
  const network = await discoveryNetwork();
  await live(network, 1);
  await expect(learn(network)).rejects.toThrow(/cards of cohorts that somebody acted on/u);
});

test('a model of other features is refused, and what serves stays', async () => {
  const { platform } = await discoveryNetwork();
  await expect(platform.serveRelevance({ format: 1, version: 'dold', featureSet: 1, bias: 0, weights: [1], cohorts: {} })).rejects.toThrow(/other features/u);
  expect(platform.state.relevance.current()).toBeUndefined();
});

test('orders learned at different times run against each other in an experiment', async () => {
  const { platform, page } = await discoveryNetwork();
  const of = (version: string, cohort: string): RelevanceModel => ({ format: 1, version, featureSet: COHORT_FEATURE_SET, bias: -3, weights: COHORT_FEATURE_NAMES.map(() => 0), cohorts: { [cohort]: 5 } });
  const rules = (model: string): DiscoveryRules => rulesSchema.parse({ ...DEFAULT_RULES, version: model, order: 'relevance', model });
  await platform.putExperiment('orders', {
    parameter: 'discoveryRules', variants: [{ name: 'old', weight: 0.5, value: rules('d-old') }, { name: 'new', weight: 0.5, value: rules('d-new') }], overrides: { ana: 'old', c0: 'new' },
  });
  expect((await page('ana')).order).toBe('rules');
  expect(platform.wantedRelevance()).toEqual(['d-new', 'd-old']);
  platform.keepRelevance([of('d-old', 'hashtags'), of('d-new', 'pages')]);
  expect(platform.wantedRelevance()).toBeUndefined();
  expect(await page('ana')).toMatchObject({ order: 'd-old', cohorts: [{ name: 'hashtags' }, ...Array.from({ length: 11 }, () => ({}))] });
  expect((await page('c0')).order).toBe('d-new');
  await platform.deleteExperiment('orders');
  expect(platform.wantedRelevance()).toEqual([]);
});
