import { expect, test } from 'vitest';
import type { Trace } from '../../src/feed/explain.ts';
import { openTestPlatform, page } from '../support/real-server.ts';

test('an item is discounted by each impression of it, and never for having been returned', async () => {
  const platform = await openTestPlatform();
  const at = new Date().toISOString();
  await platform.putEntities([{ kind: 'member', id: '1', attributes: {} }, ...['a', 'b', 'c'].map((id) => ({ kind: 'article', id, attributes: { title: id } }))]);
  /** What the re-ranker left of each item's value. */
  const left = async (): Promise<Record<string, number>> => {
    const { requestId } = await page(platform, '1');
    const { items } = await platform.trace(requestId) as Trace;
    return Object.fromEntries(items.map(({ item, value, finalValue }) => [item, Math.round((100 * finalValue) / value) / 100]));
  };
  for (let n = 0; n < 10; n++) expect(await left()).toEqual({ 'article:a': 1, 'article:b': 1, 'article:c': 1 });
  const { items } = await page(platform, '1');
  const top = items[0];
  for (const discount of [0.75, 0.56]) {
    const span = `s${discount}`;
    await platform.recordEvents([{ type: 'impression', id: span, span, member: 'member:1', item: top?.item, trackingId: top?.trackingId, visibleMs: 400, at }], { history: false });
    expect(await left()).toMatchObject({ [top?.item ?? '']: discount });
  }
  expect(Object.values(await left()).filter((share) => share === 1)).toHaveLength(2);
  expect((await page(platform, '1')).items[0]?.item).not.toBe(top?.item);
  await platform.close();
});

test('a kind of which the viewer waves away two fades at once, and comes back when they take it back', async () => {
  const platform = await openTestPlatform();
  const at = new Date().toISOString();
  await platform.putEntities([
    { kind: 'member', id: '1', attributes: {} },
    ...['a', 'b', 'c', 'd'].flatMap((id) => [{ kind: 'article', id, attributes: { title: id } }, { kind: 'job', id, attributes: { title: id } }]),
  ]);
  const left = async (): Promise<Record<string, number>> => {
    const { requestId } = await page(platform, '1');
    const { items } = await platform.trace(requestId) as Trace;
    return Object.fromEntries(items.map(({ item, value, finalValue }) => [item, Math.round((100 * finalValue) / value) / 100]));
  };
  const hide = async (item: string, of?: string): Promise<void> => {
    await platform.recordEvents([{ type: 'action', id: `${of === undefined ? 'hide' : 'unhide'}-${item}`, action: 'hide', member: 'member:1', item, at, ...(of === undefined ? {} : { of }) }], { history: false });
  };
  await hide('job:a');
  expect(await left()).toMatchObject({ 'job:b': 1, 'job:c': 1, 'article:a': 1 });
  await hide('job:b');
  expect(await left()).toMatchObject({ 'job:c': 0.2, 'job:d': 0.2, 'article:a': 1 });
  await hide('job:c');
  expect(await left()).toMatchObject({ 'job:d': 0.04, 'article:a': 1 });
  for (const item of ['job:b', 'job:c']) await hide(item, `hide-${item}`);
  expect(await left()).toMatchObject({ 'job:c': 1, 'job:d': 1 });
  await platform.close();
});
