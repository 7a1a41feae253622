import { sponsoredRanker } from '../../src/feed/objectives/sponsored-ranker.ts';
import { SPONSORED_DEFAULTS } from '../../src/feed/objectives/settings.ts';
import { pluginRanker, POOL, type PluginRanker } from '../../src/plugin.ts';
import { testRanker } from '../../src/testing/index.ts';
import { smallNetwork } from '../support/small-network.ts';

for (const ranker of POOL) {
  testRanker(ranker.name, async () => {
    const { platform, ...network } = await smallNetwork();
    return { ...network, ranker, views: platform.state, destroy: () => platform.close() };
  });
}

/** Beside the pool, for it asks campaigns, not the catalogue. */
testRanker('sponsored', async () => {
  const { platform, ...network } = await smallNetwork();
  const ranker = sponsoredRanker({ campaigns: platform.state.campaigns, options: SPONSORED_DEFAULTS });
  return { ...network, ranker, views: platform.state, destroy: () => platform.close() };
});

/** A plug-in that still knows what was deleted: the adapter must not let it through. */
const staffPicks: PluginRanker<readonly string[]> = {
  name: 'staff-picks', about: 'articles that an editor chose', kinds: ['article'], limit: 3,
  fetch: async () => ['a0', 'a4', 'a9', 'a2', 'a7'],
  transform: (ids) => ids.map((id, place) => ({ item: { kind: 'article', id }, score: 1 / (place + 1), reason: 'recent' })),
};

testRanker('staff-picks', async () => {
  const { platform, ...network } = await smallNetwork();
  return { ...network, ranker: pluginRanker(staffPicks), views: platform.state, destroy: () => platform.close() };
});
