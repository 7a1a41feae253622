/** What revenue is worth, solved on the pages of a store. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { HOUR, manualClock, MINUTE } from '../../src/core/clock.ts';
import type { SponsoredReport } from '../../src/cli/sponsored.ts';
import { openTestPlatform, page, PROGRAM, temporaryFolder } from '../support/real-server.ts';

const START = Date.UTC(2026, 5, 1, 12);
const iso = (at: number): string => new Date(at).toISOString();
const run = (...args: readonly string[]): { readonly code: number | null; readonly out: string; readonly err: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'sponsored', ...args], { encoding: 'utf8', timeout: 120_000 });
  return { code: status, out: stdout, err: stderr };
};

test('a multiplier is solved on what competed for the pages that were served', async () => {
  const data = temporaryFolder();
  const platform = await openTestPlatform({ data, clock: manualClock(START), feed: { deadlineMs: 60_000 } });
  const members = 40;
  const { rejected } = await platform.putEntities([
    ...Array.from({ length: members }, (_, n) => ({ kind: 'member', id: `m${n}`, attributes: {} })), { kind: 'company', id: 'shop', attributes: { name: 'The Shop' } },
    ...Array.from({ length: 80 }, (_, n) => ({ kind: 'article', id: `a${n}`, createdAt: iso(START - HOUR - n * MINUTE), attributes: { author: `member:m${n % members}` } })),
    ...Array.from({ length: 6 }, (_, n) => ({ kind: 'campaign', id: `c${n}`, attributes: { item: `article:a${74 + n}`, advertiser: 'company:shop', pays: 'impressions', bid: 10 * (n + 1), budget: 1000, currency: 'EUR', startsAt: iso(START - HOUR), endsAt: iso(START + HOUR) } })),
  ]);
  expect(rejected).toEqual([]);
  await platform.close();
  expect(run('--data', data)).toMatchObject({ code: 66, out: '', err: expect.stringMatching(/0 first pages .* campaigns competing/u) });

  const again = await openTestPlatform({ data, clock: manualClock(START + MINUTE), feed: { deadlineMs: 60_000 } });
  for (let n = 0; n < members; n++) await page(again, `m${n}`, { limit: 20 });
  await again.idle();
  await again.close();

  const { code, out, err } = run('--data', data, '--floor', '0.95', '--json');
  expect([code, err]).toEqual([0, '']);
  const { requests, points, fixed, solved, set } = JSON.parse(out) as SponsoredReport;
  expect([requests, points.length]).toEqual([members, 10]);
  expect(solved.engagement.mean).toBeGreaterThanOrEqual(0.94);
  expect(set.alpha).toBe(10);
  for (let n = 1; n < points.length; n++) expect(points[n]?.revenue.mean).toBeGreaterThanOrEqual(points[n - 1]?.revenue.mean ?? 0);
  // Every third place earns the most, and costs the most.
  expect(fixed[0]?.revenue.mean).toBeGreaterThan(fixed.at(-1)?.revenue.mean ?? Infinity);
  expect(fixed[0]?.engagement.mean).toBeLessThan(fixed.at(-1)?.engagement.mean ?? 0);
  expect(run('--data', data).out).toMatch(/set feed\.sponsored\.alpha to [\d.e+-]+: revenue/u);

  const reverse = run('--data', data, '--revenue-floor', '0.6', '--json');
  expect([reverse.code, reverse.err]).toEqual([0, '']);
  const other = JSON.parse(reverse.out) as SponsoredReport;
  expect(other.floor).toEqual({ revenueFloor: 0.6 });
  // Of the most that these pages could bring, which the last point of the table comes nearest to.
  const most = Math.max(...other.points.map(({ revenue }) => revenue.mean));
  expect(other.solved.revenue.mean).toBeGreaterThan(0.55 * most);
  expect(other.solved.engagement.mean).toBeGreaterThan(points.at(-1)?.engagement.mean ?? 1);
  expect(run('--data', data, '--floor', '0.9', '--revenue-floor', '0.6')).toMatchObject({ code: 64, err: expect.stringMatching(/revenue-floor.* cannot be used with/u) });
}, 120_000);

test('a floor that is no share is refused in a sentence', () => {
  expect(run('--floor', '97')).toMatchObject({ code: 64, err: expect.stringMatching(/share from 0 to 1/u) });
});
