/** What the funnel's commands say of pages that were really served. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { HOUR, manualClock, MINUTE, SECOND } from '../../src/core/clock.ts';
import type { CardLife } from '../../src/funnel/life.ts';
import type { FunnelSummary } from '../../src/funnel/summary.ts';
import { openTestPlatform, page, PROGRAM, temporaryFolder } from '../support/real-server.ts';

const START = Date.UTC(2026, 5, 1, 12);
const iso = (at: number): string => new Date(at).toISOString();
const run = (...args: readonly string[]): { readonly code: number | null; readonly out: string; readonly err: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8', timeout: 120_000 });
  return { code: status, out: stdout, err: stderr };
};

interface Story { readonly data: string; readonly card: string; readonly item: string; readonly person: string }

/** Ana sees a card, likes it, takes that back, and comes again to open it without its tracking id. */
const story = async (): Promise<Story> => {
  const data = temporaryFolder();
  const clock = manualClock(START);
  const platform = await openTestPlatform({ data, clock, feed: { deadlineMs: 60_000 } });
  await platform.putEntities([
    { kind: 'member', id: 'ana', attributes: { name: 'Ana' } }, { kind: 'member', id: 'bo', attributes: { name: 'Bo' } },
    ...Array.from({ length: 30 }, (_, n) => ({ kind: 'article', id: `a${n}`, createdAt: iso(START - HOUR - n * MINUTE), attributes: { title: `Article ${n}` } })),
  ]);
  const [first] = (await page(platform, 'ana', { limit: 5 })).items;
  if (first === undefined) throw new Error('the page is empty');
  const about = { member: 'member:ana', item: first.item };
  const of = (seconds: number): string => iso(START + seconds * SECOND);
  clock.advance(HOUR);
  const { rejected } = await platform.recordEvents([
    { type: 'action', id: 'like', ...about, trackingId: first.trackingId, action: 'like', at: of(10) },
    { type: 'impression', id: 'seen', ...about, trackingId: first.trackingId, span: 's', visibleMs: 4200, at: of(14) },
    { type: 'action', id: 'unlike', ...about, action: 'like', of: 'like', at: of(60) },
    { type: 'action', id: 'opened', ...about, action: 'click', at: of(600), surface: 'search' },
    { type: 'action', id: 'wrong', member: 'member:bo', item: first.item, trackingId: first.trackingId, action: 'click', at: of(20) },
  ], { history: false });
  expect(rejected).toEqual([]);
  await platform.close();
  return { data, card: first.trackingId, item: first.item, person: 'member:ana' };
};

test('a card\'s whole life is told in order of time, from any record that names it', async () => {
  const { data, card, item, person } = await story();
  const { code, out, err } = run('funnel', card, '--data', data, '--json');
  expect([code, err]).toEqual([0, '']);
  const life = JSON.parse(out) as CardLife;
  expect(life).toMatchObject({ trackingId: card, member: person, item, kind: 'article', served: { surface: 'feed', position: 0, sort: 'relevance', variants: {} } });
  const told = life.moments.filter(({ what }) => what !== 'served').map(({ event, what, joinedBy, loss }) => [event, what, joinedBy ?? loss]);
  expect(told).toEqual([['like', 'action', 'trackingId'], ['seen', 'impression', 'trackingId'], ['wrong', 'action', 'otherMember'], ['unlike', 'undo', 'undone'], ['opened', 'action', 'view']]);
  expect(life.moments.slice(0, 2)).toEqual(['mixer', 'api'].map((layer) => ({ at: iso(START), what: 'served', layer })));
  const words = run('funnel', card, '--data', data).out;
  expect(words).toMatch(/2026-06-01T12:00:14\.000Z {2}impression {2}4200 ms visible, on feed \(seen\); by tracking id/u);
  expect(words).toMatch(/click, on search \(opened\); by the last view of the item/u);
});

test('the whole funnel is counted by surface and kind, with what was joined and what was lost', async () => {
  const { data, card } = await story();
  const { code, out, err } = run('funnel', '--data', data, '--json');
  expect([code, err]).toEqual([0, '']);
  const summary = JSON.parse(out) as FunnelSummary;
  expect(summary).toMatchObject({ from: iso(START), pages: 1, members: 2, sessions: 2, impressions: { events: 1, shareJoined: 1 } });
  expect(summary.rows).toEqual([{ surface: 'feed', kind: 'article', served: 5, answered: 5, seen: 1, impressions: 1, visibleSeconds: 4, acted: 1, actions: { like: { events: 1, cards: 1, undone: 1 }, click: { events: 1, cards: 1, undone: 0 } } }]);
  expect(summary.actions).toEqual({ events: 4, joined: { trackingId: 1, undone: 1, view: 1 }, elsewhere: 0, lost: { otherMember: 1 }, shareJoined: 0.5 });
  const words = run('funnel', '--data', data).out;
  expect(words).toMatch(/feed, article\n {2}served +█{24} +5 +100\.0 %\n/u);
  expect(words).toContain(`wrong  ${card}  otherMember`);
});

test('an export that is killed again and again is the export of one that was not', async () => {
  const { data } = await story();
  const [whole, killed] = [temporaryFolder(), temporaryFolder()];
  const { code, out, err } = run('export', 'funnel', whole, '--data', data, '--json');
  expect([code, err]).toEqual([0, '']);
  expect(JSON.parse(out)).toMatchObject({ days: 1, rows: 15, unchanged: 0 });
  for (const delay of [250, 500, 750, 1000, 1250]) {
    const child = spawn(process.execPath, [PROGRAM, 'export', 'funnel', killed, '--data', data, '--json'], { stdio: 'ignore' });
    const closed = once(child, 'close');
    await sleep(delay);
    child.kill('SIGKILL');
    await closed;
  }
  expect(run('export', 'funnel', killed, '--data', data).out).toMatch(/^15 rows of 1 days in /u);
  for (const name of ['funnel-2026-06-01.parquet', 'funnel.json']) expect(readFileSync(join(killed, name)).equals(readFileSync(join(whole, name)))).toBe(true);
  expect(readdirSync(killed)).toHaveLength(2);
});

test('an id that no record names is one clear sentence', async () => {
  const { data } = await story();
  expect(run('funnel', 'nobody-1', '--data', data)).toMatchObject({ code: 66, out: '', err: expect.stringMatching(/\nError: no record in [^\n]* names the tracking id "nobody-1"; [^\n]*\n$/u) });
  expect(run('funnel', 'x', '--data', temporaryFolder())).toMatchObject({ code: 66, err: expect.stringMatching(/there is no store/u) });
});
