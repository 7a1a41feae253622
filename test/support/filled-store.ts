/** A store whose members read what is new: touches enough for a first model. */
import { DAY, systemClock } from '../../src/core/clock.ts';
import { openTestPlatform } from './real-server.ts';

export interface Filling { readonly members: number; readonly articles: number; readonly touches: number }

export const fillStore = async (data: string, { members, articles, touches }: Filling): Promise<void> => {
  const now = systemClock.now();
  const platform = await openTestPlatform({ data });
  const at = (i: number, of: number): string => new Date(now - 20 * DAY * (1 - i / of) - 60_000).toISOString();
  await platform.putEntities(Array.from({ length: members }, (_, i) => ({ kind: 'member', id: `m${i}`, createdAt: at(0, 1), attributes: { name: `Member ${i}` } })));
  await platform.putEntities(Array.from({ length: articles }, (_, i) => ({ kind: 'article', id: `a${i}`, createdAt: at(i, articles), attributes: { title: `Article ${i}` } })));
  await platform.recordEvents(Array.from({ length: touches }, (_, i) => {
    const newest = Math.floor((i / touches) * articles);
    return { type: 'action', id: `e${i}`, member: `member:m${(i * 7) % members}`, item: `article:a${Math.max(0, newest - ((i * 13) % 5))}`, at: at(i, touches), action: 'click' };
  }), { history: true });
  await platform.close();
};
