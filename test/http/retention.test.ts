import { expect, test } from 'vitest';
import { DAY, manualClock } from '../../src/core/clock.ts';
import { openPlatform } from '../../src/platform/open.ts';
import { feedOptions } from '../../src/config.ts';
import { page, temporaryFolder, testConfig } from '../support/real-server.ts';

test('served pages are kept as long as the configuration says, and everything else for ever', async () => {
  const clock = manualClock(Date.UTC(2026, 0, 1));
  const platform = await openPlatform({ data: temporaryFolder(), feed: feedOptions(testConfig({})), clock, servedDays: 90 });
  await platform.putEntities([{ kind: 'member', id: '1', attributes: {} }, { kind: 'article', id: 'a', attributes: { title: 'A' } }]);
  const old = await page(platform, '1');
  clock.advance(50 * DAY);
  const young = await page(platform, '1');
  clock.advance(41 * DAY);
  await platform.idle();
  await platform.retire();
  expect(await platform.trace(old.requestId)).toBeUndefined();
  expect(await platform.trace(young.requestId)).toMatchObject({ requestId: young.requestId });
  expect((await page(platform, '1')).items.map(({ item }) => item)).toEqual(['article:a']);
  await platform.close();
});
