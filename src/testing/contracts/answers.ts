/** What contract suites of rankers and cohorts look at: a request, a list in words, and every byte of the views. */
import { MINUTE } from '../../core/clock.ts';
import { UNASSIGNED, type RequestContext } from '../../core/context.ts';
import type { Millis, RequestId } from '../../core/ids.ts';
import { seededRandom } from '../../core/random.ts';
import { ALL_SIGNALS } from '../../core/registry.ts';
import { MAX_ACTORS, termIn, type RankedList } from '../../rankers/ranked-list.ts';
import type { RankRequest } from '../../rankers/ranker.ts';
import type { Views } from '../../rankers/views.ts';
import { REASON_CODES } from '../../rankers/reasons.ts';
import { createViewerReader } from '../../rankers/viewer.ts';

/** One candidate in words, so that two answers compare and a difference can be read. */
export interface Answer { readonly item: string; readonly score: number; readonly reason: string | undefined; readonly actors: readonly string[]; readonly actorCount: number; readonly skills: readonly string[] }

const contextOf = (now: number): RequestContext => ({
  requestId: 'contract' as RequestId, now: now as Millis, deadlineMs: MINUTE, elapsed: () => 0, locale: 'en', timeZone: 'UTC', surface: 'feed', client: 'test',
  allowed: ALL_SIGNALS, random: seededRandom(1), ...UNASSIGNED,
});

export const answersOf = (list: RankedList, { catalog }: Views): readonly Answer[] => Array.from({ length: list.size }, (_, row) => ({
  item: catalog.entities.name(list.item[row] ?? -1), score: list.score[row] ?? Number.NaN, reason: REASON_CODES[list.reason[row] ?? -1],
  actors: [...list.actors.subarray(row * MAX_ACTORS, (row + 1) * MAX_ACTORS)].filter((actor) => actor > 0).map((actor) => catalog.entities.name(actor - 1)),
  actorCount: list.actorCount[row] ?? 0,
  skills: [...list.actors.subarray(row * MAX_ACTORS, (row + 1) * MAX_ACTORS)].filter((place) => place < 0).map((place) => catalog.terms.name(termIn(place))),
}));

/** Every typed array that can be reached from the views, as bytes. */
export const columnsOf = (views: Views): string => {
  const seen = new Set<object>();
  const parts: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (ArrayBuffer.isView(value)) { parts.push(`${path} ${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1')}`); return; }
    for (const [name, child] of Object.entries(value)) visit(child, `${path}.${name}`);
  };
  visit(views, 'views');
  return parts.join('\n');
};

/** A request of a member of the network. */
export const requestOf = ({ views, now }: { readonly views: Views; readonly now: number }, member: string): RankRequest => {
  const number = views.catalog.find(`member:${member}`);
  if (number < 0) throw new Error(`the contract was given a member that is not in the network: ${member}`);
  const context = contextOf(now);
  return { viewer: createViewerReader().read(number, views, context), views, context };
};
