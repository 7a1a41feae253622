import { expect, test } from 'vitest';
import { HOUR, manualClock } from '../../src/core/clock.ts';
import { openTestPlatform, page } from '../support/real-server.ts';

const START = Date.UTC(2026, 5, 1, 12);
const article = (id: string, at: number) => ({ kind: 'article', id, createdAt: new Date(at).toISOString(), attributes: { title: id } });

test('what came since a page was made is counted, and not what is older, one\'s own or was seen', async () => {
  const clock = manualClock(START);
  const platform = await openTestPlatform({ clock });
  await platform.putEntities([{ kind: 'member', id: '1', attributes: {} }, ...Array.from({ length: 30 }, (_, n) => article(`a${n}`, START - (n + 1) * HOUR))]);
  const { requestId } = await page(platform, '1', { limit: 10 });
  expect(await platform.fresh({ member: '1', since: requestId })).toEqual({ count: 0, more: false });
  clock.advance(HOUR);
  await platform.putEntities([article('new1', START + 1000), article('new2', START + 2000), article('late', START - HOUR), { kind: 'post', id: 'mine', createdAt: new Date(START + 1000).toISOString(), attributes: { text: 'mine', author: 'member:1' } }]);
  expect(await platform.fresh({ member: '1', since: requestId })).toEqual({ count: 2, more: false });
  await platform.recordEvents([{ type: 'impression', id: 'i', member: 'member:1', item: 'article:new1', trackingId: 'none-0', span: '0', visibleMs: 900, at: new Date(START + HOUR).toISOString() }], { history: true });
  expect(await platform.fresh({ member: '1', since: requestId })).toEqual({ count: 1, more: false });
  const again = await page(platform, '1', { limit: 10 });
  expect(await platform.fresh({ member: '1', since: again.requestId })).toEqual({ count: 0, more: false });
  await platform.putEntities(Array.from({ length: 150 }, (_, n) => article(`flood${n}`, START + HOUR + 1000 + n)));
  clock.advance(HOUR);
  expect(await platform.fresh({ member: '1', since: again.requestId })).toEqual({ count: 99, more: true });
  await platform.close();
});

test('a question about no page of ours, or of nobody, is refused and says why', async () => {
  const platform = await openTestPlatform();
  await platform.putEntities([{ kind: 'member', id: '1', attributes: {} }]);
  await expect(platform.fresh({ member: '1', since: '../../etc' })).rejects.toMatchObject({ code: 'client/invalidRequest' });
  const { requestId } = await page(platform, '1');
  await expect(platform.fresh({ member: '2', since: requestId })).rejects.toMatchObject({ code: 'client/notFound' });
  await platform.close();
});
