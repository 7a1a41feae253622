// Whole feeds against the hard rules: first and second pages of the pipeline, with every ranker, sponsored cards, exploration and newcomers; places that break a rule, cards that come twice.
//   npm run bench rules -- [feeds]
import { performance } from 'node:perf_hooks';
import { createProgress } from '../src/cli/progress.ts';
import { seededRandom } from '../src/core/random.ts';
import { systemClock } from '../src/core/clock.ts';
import { brokenAt, LIST_RULES } from '../src/feed/re-rankers/rules.ts';
import { createFeedService } from '../src/feed/service.ts';
import { decodeServed } from '../src/funnel/served.ts';
import { openPlatform } from '../src/platform/open.ts';
import { POOL } from '../src/rankers/pool/index.ts';
import { machine } from './lib/machine.ts';
import { FEED, NETWORK, withNetwork } from './lib/network.ts';

const feeds = Number(process.argv[2] ?? 100_000);
/** Something is tried on every other first page. */
const OPTIONS = { ...FEED, exploration: 0.5, newcomers: 0.5 };

await withNetwork(async (data) => {
  const platform = await openPlatform({ data, feed: OPTIONS });
  const { catalog } = platform.state;
  let served: readonly { readonly item: string; readonly sponsored?: object; readonly forced: boolean }[] = [];
  const feed = createFeedService({
    views: platform.state, campaigns: platform.state.campaigns, horizon: platform.state.horizon, refresh: () => undefined, secondPass: platform.state.model.by, rankers: POOL,
    clock: systemClock, elapsed: () => performance.now(), random: seededRandom(1), cursorSecret: platform.secret, options: OPTIONS,
    emit: ({ type, payload }) => { if (type === 'served') served = decodeServed(payload).items; },
  });
  for (let i = 0; i < NETWORK.members; i++) await platform.feed({ member: `m${i}`, limit: 20, sort: 'relevance' });
  const counts = { places: 0, broken: 0, twice: 0, sponsored: 0, forced: 0 };
  const broken = new Map<string, number>();
  const progress = createProgress().bar('Feeds', feeds);
  for (let n = 0; n < feeds; n++) {
    const query = { member: `m${(n * 7919) % NETWORK.members}`, limit: 20, sort: 'relevance' as const };
    const { nextCursor } = JSON.parse(Buffer.from((await feed.page(query)).json).toString()) as { readonly nextCursor: string | null };
    const cards = [...served];
    if (nextCursor !== null) { await feed.page({ ...query, cursor: nextCursor }); cards.push(...served); }
    const items = cards.map(({ item }) => catalog.find(item));
    const { kind, author } = catalog.items.columns;
    const list = { kind: items.map((item) => kind[item] ?? 0), maker: items.map((item) => author[item] ?? 0), size: items.length };
    items.forEach((_, place) => {
      const rules = brokenAt(list, place, LIST_RULES);
      if (rules === 0) return;
      counts.broken++;
      broken.set(`${rules}`, (broken.get(`${rules}`) ?? 0) + 1);
    });
    counts.places += items.length;
    counts.twice += items.length - new Set(items).size;
    counts.sponsored += cards.filter(({ sponsored }) => sponsored !== undefined).length;
    counts.forced += cards.filter(({ forced }) => forced).length;
    progress.advance();
  }
  progress.end();
  process.stdout.write(`${machine()}\n${feeds} feeds of two pages, ${counts.places} places, ${counts.sponsored} sponsored cards, ${counts.forced} cards placed by chance: ${counts.broken} places broke a rule ${JSON.stringify(Object.fromEntries(broken))}, ${counts.twice} cards came twice\n`);
  await platform.close();
});
