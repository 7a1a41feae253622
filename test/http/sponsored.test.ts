import { describe, expect, test } from 'vitest';
import { HOUR, manualClock, MINUTE } from '../../src/core/clock.ts';
import { UNTRAINED, type ServingModel } from '../../src/feed/second-pass.ts';
import { DEFAULT_VALUES } from '../../src/feed/values.ts';
import { decodeServed } from '../../src/funnel/served.ts';
import { seededRandom } from '../../src/core/random.ts';
import type { FeedPage } from '../../src/http/contracts.ts';
import { POOL } from '../../src/rankers/pool/index.ts';
import { pluginRanker } from '../../src/rankers/ranker.ts';
import { FEATURES, SPONSORED } from '../../src/models/features.ts';
import type { OpenPlatform } from '../../src/platform/open.ts';
import { allPages, openTestPlatform, page, type TestPlatformOptions } from '../support/real-server.ts';

const START = Date.UTC(2026, 5, 1, 12);
const iso = (at: number): string => new Date(at).toISOString();
const RULES = { alpha: 100, topSlot: 2, minGap: 4, most: 20 };
const COMPANY = { kind: 'company', id: 'shop', attributes: { name: 'The Shop' } };

/** Articles from the newest to the oldest; those that are advertised are the oldest, so that they do not stand high for nothing. */
const articles = (count: number, attributes: (n: number) => object = (n) => ({ author: `member:w${n % 40}` })) =>
  Array.from({ length: count }, (_, n) => ({ kind: 'article', id: `a${n}`, createdAt: iso(START - HOUR - n * MINUTE), attributes: attributes(n) }));
const campaign = (id: string, changes: Readonly<Record<string, unknown>> = {}) => ({
  kind: 'campaign', id, attributes: { item: `article:a${id}`, advertiser: 'company:shop', pays: 'impressions', bid: 100, budget: 1000, currency: 'EUR', startsAt: iso(START - HOUR), endsAt: iso(START + HOUR), ...changes },
});
const open = async (options: TestPlatformOptions & { readonly rules?: Readonly<Record<string, unknown>> }, records: readonly object[]): Promise<OpenPlatform> => {
  const { rules, ...rest } = options;
  const platform = await openTestPlatform({ clock: manualClock(START), ...rest, feed: { deadlineMs: 60_000, sponsored: { ...RULES, ...rules } } });
  const { rejected } = await platform.putEntities([{ kind: 'member', id: '1', attributes: { place: 'Graz' } }, COMPANY, ...records]);
  expect(rejected).toEqual([]);
  return platform;
};
const paid = (pages: readonly FeedPage[]): readonly number[] => pages.flatMap(({ items }) => items.filter(({ sponsored }) => sponsored !== undefined).map(({ position }) => position));
const row = ({ state: { campaigns, catalog } }: OpenPlatform, id: string): number => campaigns.rowOf(catalog.find(`campaign:${id}`));

describe('sponsored cards', () => {
  test('stand by their rules on all pages of a feed, labelled, and each item once', async () => {
    const platform = await open({}, [...articles(300), ...Array.from({ length: 30 }, (_, n) => campaign(String(200 + n)))]);
    for (const limit of [7, 20]) {
      const pages = await allPages(platform, '1', { limit });
      const items = pages.flatMap((one) => one.items);
      expect(new Set(items.map(({ item }) => item)).size).toBe(items.length);
      expect(items.map(({ position }) => position)).toEqual(items.map((_, place) => place));
      expect(items.length).toBe(300);
      const places = paid(pages);
      expect(places.length).toBeGreaterThan(10);
      places.forEach((place, n) => { expect(place).toBeGreaterThanOrEqual(n === 0 ? RULES.topSlot : (places[n - 1] ?? 0) + RULES.minGap); });
      expect(items[places[0] ?? 0]).toMatchObject({ reason: { text: 'Promoted' }, sponsored: { advertiser: { ref: 'company:shop', name: 'The Shop' } } });
    }
    await platform.close();
  });

  test('cost themselves alone where their ranker breaks: the page is full, says what is missing, and its trace says why', async () => {
    const platform = await open({}, [...articles(60), campaign('50')]);
    expect(paid([await page(platform, '1', { limit: 20 })])).toEqual([RULES.topSlot]);
    const whole = platform.state.campaigns.bidders;
    Object.assign(platform.state.campaigns, { bidders: () => { throw new TypeError('bug'); } });
    const broken = await page(platform, '1', { limit: 20 });
    expect([broken.items.length, broken.missing, paid([broken])]).toEqual([20, ['sponsored'], []]);
    expect(/"operator":"sponsored"[^}]*"outcome":"fallback","error":"plugin\/failed"/.test(JSON.stringify(await platform.trace(broken.requestId)))).toBe(true);
    Object.assign(platform.state.campaigns, { bidders: whole });
    expect(paid([await page(platform, '1', { limit: 20 })])).toEqual([RULES.topSlot]);
    await platform.close();
  });

  test('are not shown for what a campaign promoted, or in what it paid, before it changed while a page was made', async () => {
    let meanwhile = async (): Promise<unknown> => undefined;
    const slow = pluginRanker({ name: 'slow', about: 'of a test', kinds: ['article'], timeoutMs: 900, fetch: () => meanwhile(), transform: () => [] });
    const platform = await open({ rankers: [...POOL, slow] }, [...articles(60), campaign('50')]);
    meanwhile = async () => platform.putEntities([campaign('50', { item: 'article:a55', currency: 'JPY', bid: 90_000 })]);
    const shown = await page(platform, '1', { limit: 20 });
    expect([shown.items.length, shown.missing, paid([shown])]).toEqual([20, [], []]);
    meanwhile = async () => platform.putEntities([campaign('50', { item: 'article:a55' })]);
    await page(platform, '1', { limit: 20 });
    meanwhile = async () => undefined;
    const after = await page(platform, '1', { limit: 20 });
    expect([paid([after]), after.items[RULES.topSlot]?.item]).toEqual([[RULES.topSlot], 'article:a55']);
    await platform.close();
  });

  test('keep their distance where organic items between them go while the feed is read', async () => {
    const platform = await open({}, [...articles(300), ...Array.from({ length: 30 }, (_, n) => campaign(String(200 + n)))]);
    const first = await page(platform, '1', { limit: 5 });
    const random = seededRandom(3);
    const rest = await allPages(platform, '1', { limit: 5, cursor: first.nextCursor, between: async () => { for (let n = 0; n < 6; n++) await platform.deleteEntity('article', `a${Math.floor(random.next() * 190)}`); } });
    const places = paid([first, ...rest]);
    expect(places.length).toBeGreaterThan(5);
    places.forEach((place, n) => { expect(place).toBeGreaterThanOrEqual(n === 0 ? RULES.topSlot : (places[n - 1] ?? 0) + RULES.minGap); });
    await platform.close();
  });

  test('are no nearer to others of their maker than organic items are', async () => {
    const platform = await open({ rules: { minGap: 1 } }, [...articles(200, (n) => ({ author: `member:w${n % 5}` })), ...Array.from({ length: 30 }, (_, n) => campaign(String(150 + n)))]);
    const pages = await allPages(platform, '1', { limit: 30 });
    const [one] = pages;
    const makers = one?.items.map(({ card }) => card.author?.ref) ?? [];
    const numbers = one?.items.map(({ item }) => Number(item.slice('article:a'.length)) % 5) ?? [];
    expect(makers.length).toBe(30);
    expect(paid(pages.slice(0, 1)).length).toBeGreaterThan(0);
    numbers.forEach((maker, place) => { expect(numbers.slice(Math.max(0, place - 2), place)).not.toContain(maker); });
    await platform.close();
  });

  test('never pass the ceiling on hides that the serving model predicts, on a first page or a later one', async () => {
    const ceiling = 0.05;
    const platform = await open({ rules: { hideCeiling: ceiling } }, [...articles(200), ...Array.from({ length: 20 }, (_, n) => campaign(String(170 + n)))]);
    const random = seededRandom(9);
    // Models come and go while the feed is read, each with an opinion of its own on who hides what.
    const publish = (): void => {
      const hide: ServingModel['heads'][number] = { name: 'hide', bias: -4 + 2 * random.next(), weights: Array.from({ length: FEATURES }, () => 0.6 * (random.next() - 0.5)) };
      platform.state.model.publish({ ...UNTRAINED, version: `model-${random.next()}`, heads: [...UNTRAINED.heads, hide] });
    };
    const counts = { first: 0, later: 0, gone: 0 };
    for (let feed = 0; feed < 8; feed++) {
      publish();
      const first = await page(platform, '1', { limit: 10 });
      let shown: FeedPage | undefined = first;
      while (shown !== undefined) {
        await platform.idle();
        const { items } = decodeServed(platform.log.get({ partition: 0, sequence: platform.state.pages.find(shown.requestId) })?.payload ?? new Uint8Array());
        const model = platform.state.model.by(DEFAULT_VALUES);
        for (const { sponsored, features } of items) if (sponsored !== undefined) expect(model.predict(Float32Array.from(features), 0, model.heads.indexOf('hide'))).toBeLessThanOrEqual(ceiling);
        counts[shown === first ? 'first' : 'later'] += items.filter(({ sponsored }) => sponsored !== undefined).length;
        counts.gone += shown.nextCursor === null ? 0 : 10 - items.length;
        publish();
        shown = shown.nextCursor === null ? undefined : await page(platform, '1', { limit: 10, cursor: shown.nextCursor });
      }
    }
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(0);
    await platform.close();
  });

  test('are recorded with campaign and price, and only they', async () => {
    const platform = await open({}, [...articles(100), campaign('90'), campaign('91', { pays: 'click', bid: 2 })]);
    const shown = await page(platform, '1', { limit: 20 });
    await platform.idle();
    const served = decodeServed(platform.log.get({ partition: 0, sequence: platform.state.pages.find(shown.requestId) })?.payload ?? new Uint8Array());
    expect(served.items.flatMap(({ item, sponsored }) => (sponsored === undefined ? [] : [{ item, ...sponsored }])).toSorted((a, b) => a.item.localeCompare(b.item))).toEqual([
      { item: 'article:a90', campaign: 'campaign:90', pays: 'impressions', price: 0.1 }, { item: 'article:a91', campaign: 'campaign:91', pays: 'click', price: 2 },
    ]);
    await platform.close();
  });

  test('are scored as paid for, whoever else found them, on a first page or a later one, and nothing else is', async () => {
    const platform = await open({}, [...articles(300), ...Array.from({ length: 60 }, (_, n) => campaign(String(100 + 3 * n)))]);
    platform.state.model.publish({ ...UNTRAINED, version: 'cool to what is paid for', heads: UNTRAINED.heads.map((head) => ({ ...head, weights: head.weights.map((weight, i) => (i === SPONSORED ? -1 : weight)) })) });
    const model = platform.state.model.by(DEFAULT_VALUES);
    const found = { paid: 0, foundToo: 0, later: 0 };
    const pages = await allPages(platform, '1', { limit: 7 });
    await platform.idle();
    pages.forEach(({ requestId }, number) => {
      const { items } = decodeServed(platform.log.get({ partition: 0, sequence: platform.state.pages.find(requestId) })?.payload ?? new Uint8Array());
      for (const { sponsored, features, scores, value } of items) {
        expect(features[SPONSORED]).toBe(sponsored === undefined ? 0 : 1);
        const own = new Float32Array(1);
        model.score(Float32Array.from(features), 1, own);
        expect(value).toBeCloseTo(own[0] ?? Number.NaN, 4);
        if (sponsored === undefined) continue;
        found.paid++;
        if (number === 0 && scores.length > 0) found.foundToo++;
        if (number > 0) found.later++;
      }
    });
    for (const count of Object.values(found)) expect(count, JSON.stringify(found)).toBeGreaterThan(0);
    await platform.close();
  });

  test('are not served where a unit of money is worth nothing and nobody would like them more', async () => {
    const platform = await open({ rules: { alpha: 0 } }, [...articles(100), campaign('99')]);
    expect(paid([await page(platform, '1', { limit: 20 })])).toEqual([]);
    expect(platform.state.campaigns.spend.left(row(platform, '99'))).toBe(1000);
    await platform.close();
  });

  test('read nothing of a profile that its member withholds', async () => {
    const platform = await open({}, [...articles(100), campaign('90', { targeting: { places: ['Graz'] } })]);
    expect(paid([await page(platform, '1')]).length).toBe(1);
    await platform.setConsent('1', { profile: false, activity: true, graph: true, sequence: true, messages: false });
    expect(paid([await page(platform, '1')])).toEqual([]);
    await platform.close();
  });

  test('that stand high by themselves stand there for nothing', async () => {
    const platform = await open({}, [...articles(100), campaign('0')]);
    const shown = await page(platform, '1', { limit: 20 });
    expect(shown.items.map(({ item }) => item)).toContain('article:a0');
    expect(paid([shown])).toEqual([]);
    await platform.close();
  });
});

describe('a budget', () => {
  test('is never overspent, though many pages are made at once and their impressions are told late', async () => {
    const clock = manualClock(START + 59 * MINUTE);
    // Late in its time a campaign bids all it has left: nothing but the accounts holds it back.
    const platform = await open({ clock }, [...articles(100), campaign('90', { bid: 1000, budget: 5.5 }), ...Array.from({ length: 60 }, (_, n) => ({ kind: 'member', id: `m${n}`, attributes: {} }))]);
    const impressions: object[] = [];
    const ask = async (n: number): Promise<void> => {
      const shown = await page(platform, `m${n}`, { limit: 20 });
      for (const { item, trackingId, sponsored } of shown.items) if (sponsored !== undefined) impressions.push({ type: 'impression', id: `i-${trackingId}`, member: `member:m${n}`, item, at: iso(clock.now()), trackingId, span: 's', visibleMs: 1000 });
    };
    await Promise.all(Array.from({ length: 30 }, (_, n) => ask(n)));
    await platform.idle();
    await Promise.all(Array.from({ length: 30 }, (_, n) => ask(30 + n)));
    expect(impressions.length).toBe(5);
    const { spend } = platform.state.campaigns;
    expect(spend.spent(row(platform, '90'))).toBe(0);
    await platform.recordEvents(impressions, { history: false });
    expect(spend.spent(row(platform, '90'))).toBe(5);
    expect(spend.left(row(platform, '90'))).toBeCloseTo(0.5, 9);
    await platform.close();
  });

  test('is not overspent by a second page of a feed, which asks again', async () => {
    const clock = manualClock(START + 59 * MINUTE);
    const platform = await open({ clock, rules: { minGap: 4 } }, [...articles(100), ...['90', '91', '92'].map((id) => campaign(id, { bid: 1000, budget: 1 })), { kind: 'member', id: '2', attributes: {} }]);
    const first = await page(platform, '1', { limit: 4 });
    expect(paid([first]).length).toBe(1);
    // Another member takes what is left of the others.
    expect(paid([await page(platform, '2', { limit: 20 })]).length).toBe(2);
    expect(paid(await allPages(platform, '1', { limit: 4, cursor: first.nextCursor }))).toEqual([]);
    await platform.close();
  });
});
