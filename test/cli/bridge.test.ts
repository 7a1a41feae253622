/** The bridge killed for real, again and again, beside one that was not. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { openLmdbLog } from '../../src/log/lmdb.ts';
import { PROGRAM, temporaryFolder } from '../support/real-server.ts';
import { eventOf, START } from '../unit/funnel/story.ts';

const EVENTS = 200_000;
const KINDS = ['group', 'company', 'member', 'article'] as const;
const run = (...args: readonly string[]): { readonly code: number | null; readonly out: string; readonly err: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'bridge', ...args], { encoding: 'utf8', timeout: 120_000 });
  return { code: status, out: stdout, err: stderr };
};
const filesIn = (folder: string): Readonly<Record<string, string>> => Object.fromEntries(readdirSync(folder).filter((name) => name.endsWith('.ndjson')).toSorted().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

const data = temporaryFolder();
const whole = join(temporaryFolder(), 'out');
beforeAll(async () => {
  const log = await openLmdbLog({ folder: join(data, 'log'), clock: systemClock });
  for (let from = 0; from < EVENTS; from += 20_000) {
    await log.append(0, Array.from({ length: 20_000 }, (_, n) => {
      const kind = KINDS[(from + n) % KINDS.length] ?? 'group';
      return eventOf({ at: START + from + n, member: `m${n % 100}`, item: `${kind}:${n % 500}`, id: `e${from + n}`, ...(n % 3 === 0 ? { action: kind === 'member' ? 'invite' : 'follow' } : { trackingId: `r-${n}` }) });
    }));
  }
  await log.close();
  expect(run('--data', data, '--out', whole, '--json')).toMatchObject({ code: 0, err: '' });
}, 240_000);

test('killed ten times, it has written what one that was never stopped wrote, byte by byte', async () => {
  const killed = join(temporaryFolder(), 'out');
  const random = seededRandom(9);
  const total = Object.keys(filesIn(whole)).length;
  expect(total).toBe(EVENTS / 10_000);
  const left: number[] = [];
  for (let round = 0; round < 10; round++) {
    const child = spawn(process.execPath, [PROGRAM, 'bridge', '--data', data, '--out', killed, '--json'], { stdio: 'ignore' });
    const closed = once(child, 'close');
    const files = (): number => { try { return readdirSync(killed).filter((name) => name.endsWith('.ndjson')).length; } catch { return 0; } };
    // At the next file, or somewhere before, behind or inside of it.
    while (child.exitCode === null && files() <= (left.at(-1) ?? 0)) await sleep(1);
    await sleep(random.next() * 20);
    child.kill('SIGKILL');
    await closed;
    left.push(files());
  }
  expect(left[0]).toBeLessThan(total);
  expect(run('--data', data, '--out', killed)).toMatchObject({ code: 0, out: expect.stringMatching(/the next run begins at position 200000\n$/u) });
  expect(filesIn(killed)).toEqual(filesIn(whole));
});

test('what the host fires itself is held against what the bridge wrote', () => {
  const host = temporaryFolder();
  const lines = Object.values(filesIn(whole)).join('').trim().split('\n');
  writeFileSync(join(host, 'fired.ndjson'), `${lines.join('\n')}\n`);
  const same = run('compare', '--host', host, '--bridge', whole, '--json');
  expect([same.code, same.err]).toEqual([0, '']);
  expect(JSON.parse(same.out)).toMatchObject({ host: lines.length, bridge: lines.length, within: true, differing: [] });
  writeFileSync(join(host, 'fired.ndjson'), `${lines.slice(0, -2000).join('\n')}\n`);
  expect(run('compare', '--host', join(host, 'fired.ndjson'), '--bridge', whole).out).toMatch(/The host fired \d+ events, the bridge wrote \d+: \d+ keys .*\n {2}2026-06-01 {2}\w+ \w+ \w+: host \d+, bridge \d+, \+\d+\.\d\d %/u);
  writeFileSync(join(host, 'fired.ndjson'), `${lines[0] ?? ''}\nnot an event\n`);
  expect(run('compare', '--host', host, '--bridge', whole)).toMatchObject({ code: 65, err: expect.stringMatching(/line 2 of .*fired\.ndjson cannot be counted/u) });
  expect(run('compare', '--host', join(host, 'none'), '--bridge', whole)).toMatchObject({ code: 66 });
});
