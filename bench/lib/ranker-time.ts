/** What the top k of one first-pass ranker costs, viewer by viewer. */
import { MINUTE } from '../../src/core/clock.ts';
import { UNASSIGNED, type RequestContext } from '../../src/core/context.ts';
import type { Millis, RequestId } from '../../src/core/ids.ts';
import { normal, seededRandom } from '../../src/core/random.ts';
import { ALL_SIGNALS } from '../../src/core/registry.ts';
import { CHANGES } from '../../src/journey/taste.ts';
import { createRankedList } from '../../src/rankers/ranked-list.ts';
import type { FirstPassRanker } from '../../src/rankers/ranker.ts';
import { createViewerReader, type Viewer } from '../../src/rankers/viewer.ts';
import type { Views } from '../../src/rankers/views.ts';

const ROUNDS = 7;
const WIDTH = 64;

/** Vectors of unit length, at random: what they say does not matter to the time. */
const tasteOf = (views: Views): Viewer['taste'] => {
  const random = seededRandom(5);
  const vectors = new Float32Array(views.catalog.entities.size() * WIDTH);
  for (let i = 0; i < vectors.length; i++) vectors[i] = normal(random) / Math.sqrt(WIDTH);
  return { model: 'bench', width: WIDTH, state: vectors.slice(0, WIDTH), vectors, changed: new Int32Array(1 + CHANGES), isProfile: false };
};

/** Microseconds of processor time so far. */
export const cpu = (): number => { const { user, system } = process.cpuUsage(); return user + system; };

export interface Timed { readonly p50: number; readonly p99: number; readonly clock: number; readonly found: number }

/** @param members ids of those who ask, in turn */
export interface Asked { readonly views: Views; readonly ranker: FirstPassRanker; readonly now: Millis; readonly members: readonly string[] }

/**
 * Microseconds of one ranker for one viewer, its list put in order included; what a viewer is was read before. Processor time: on a machine
 * with others the clock counts them too, so that its 99th of a hundred is theirs; its median is told beside.
 */
export const timeOf = async ({ views, ranker, now, members }: Asked): Promise<Timed> => {
  const context: RequestContext = {
    requestId: 'bench' as RequestId, now, deadlineMs: MINUTE, elapsed: () => 0, locale: 'en', timeZone: 'UTC', surface: 'feed', client: 'bench',
    allowed: ALL_SIGNALS, random: seededRandom(1), ...UNASSIGNED,
  };
  const taste = ranker.name === 'journey' || ranker.name === 'people' ? tasteOf(views) : undefined;
  const reader = createViewerReader();
  const list = createRankedList();
  const entities = views.catalog.entities.size();
  const times: number[] = [];
  const clock: number[] = [];
  let found = 0;
  for (let n = 0; n < ROUNDS * members.length; n++) {
    const read = reader.read(views.catalog.find(`member:${members[n % members.length]}`), views, context);
    const viewer = taste === undefined ? read : { ...read, taste };
    list.clear(entities);
    const started = performance.now();
    const before = cpu();
    await ranker.rank({ viewer, views, context }, list);
    list.finish(ranker.limit);
    const [spent, passed] = [cpu() - before, (performance.now() - started) * 1000];
    // The first rounds warm up.
    if (n >= 2 * members.length) { times.push(spent); clock.push(passed); found += list.size; }
  }
  const at = (values: number[], share: number): number => values.sort((a, b) => a - b)[Math.floor(share * values.length)] ?? Number.NaN;
  return { p50: at(times, 0.5), p99: at(times, 0.99), clock: at(clock, 0.5), found: found / times.length };
};

