/**
 * A world with a past up to a moment, in which a tenth of the standing ties is hidden, and what the ranker of people and a journey model of that past know
 * of each pair that may become connected. Two kinds of ties are asked for: those hidden, and those made after the moment.
 */
import { performance } from 'node:perf_hooks';
import { storeSink } from '../../src/cli/world-generate.ts';
import type { EdgeName } from '../../src/catalog/graph.ts';
import { DAY, HOUR, manualClock, SECOND, systemClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { COHORTS } from '../../src/discovery/pool/index.ts';
import { DISCOVERY_DEFAULTS } from '../../src/discovery/service.ts';
import { fitJourney, type FittedJourney } from '../../src/models/journey/fit.ts';
import type { SequenceData } from '../../src/models/sequences/data.ts';
import { createEncoder } from '../../src/models/sequences/encoder.ts';
import { readSequences, type LogSequences } from '../../src/models/sequences/from-log.ts';
import { createScorer } from '../../src/models/sequences/scorer.ts';
import { createPlatform, type MainPlatform } from '../../src/platform/create.ts';
import type { Entity } from '../../src/world/content.ts';
import { HAPPENING_NUMBERS } from '../../src/world/history/blocks.ts';
import { generateHistory, type HistorySink } from '../../src/world/history/generate.ts';
import { parameters } from '../../src/world/parameters.ts';
import { createWorld, type World } from '../../src/world/world.ts';

const START = Date.parse('2026-01-05');
/** Of the ties that stand when a history begins, those hidden. */
const HIDDEN = 0.1;

export interface Span { readonly members: number; /** Days that are known, and days after them. */ readonly before: number; readonly after: number }

/** Two members in one word, in either order. */
const pairOf = (one: string, other: string): string => (one < other ? `${one} ${other}` : `${other} ${one}`);

const hide = ({ people, random }: World): ReadonlySet<string> => {
  const chance = random.fork('hidden ties');
  const pairs = new Set(people.flatMap(({ ref, attributes }) => (attributes['connections'] as readonly string[]).map((other) => pairOf(ref, other))));
  return new Set([...pairs].filter(() => chance.next() < HIDDEN));
};

const without = (hidden: ReadonlySet<string>) => (entity: Entity): Entity => {
  const known = entity.attributes['connections'];
  if (entity.kind !== 'member' || !Array.isArray(known)) return entity;
  const ref = `member:${entity.id}`;
  return { ...entity, attributes: { ...entity.attributes, connections: (known as readonly string[]).filter((other) => !hidden.has(pairOf(ref, other))) } };
};

interface Past { readonly platform: MainPlatform; readonly data: LogSequences; readonly hidden: ReadonlySet<string>; readonly later: ReadonlySet<string>; readonly refs: readonly string[]; readonly second: number }

/** Days up to the moment go into a platform, and of those after it the connections alone are heard. */
const live = async (seed: number, { members, before, after }: Span): Promise<Past> => {
  const world = createWorld(parameters({ members, seed }));
  const hidden = hide(world);
  const clock = manualClock(START + before * DAY);
  const log = createMemoryLog({ partitions: 1, clock });
  const platform = await createPlatform({
    log, clock, elapsed: () => performance.now(), random: seededRandom(seed), secret: new Uint8Array(32), cohorts: COHORTS, discovery: DISCOVERY_DEFAULTS,
    options: { deadlineMs: 250, cursorLifetimeMs: HOUR, exploration: 0, stateWaitMs: 0 }, loadModel: async () => undefined,
  });
  const store = storeSink(platform);
  const later = new Set<string>();
  let day = 0;
  const sink: HistorySink = {
    entities: async (entities) => { if (day <= before) await store.entities(entities.map(without(hidden))); },
    events: async (events, refs) => {
      if (day++ <= before) { await store.events(events, refs); return; }
      for (let row = 0; row < events.count; row++) if (events.what[row] === HAPPENING_NUMBERS.get('accept')) later.add(pairOf(`member:${(events.member[row] ?? 0) + 1}`, refs[events.item[row] ?? 0] ?? ''));
    },
  };
  await generateHistory(world, { start: START, days: before + after, sink });
  await platform.idle();
  const refs = world.people.map(({ ref }) => ref);
  const data = await readSequences(log, { items: new Set(refs) });
  await log.close();
  return { platform, data, hidden, later, refs, second: (START + before * DAY) / SECOND };
};

/** Of each member: their state, and their own vector as others meet it. Unit vectors, [members, width]. */
interface Embedded { readonly width: number; readonly states: Float32Array; readonly vectors: Float32Array }

/** @param of rows of the data, -1 for who did nothing, and numbers of the items that stand for members; @param second at which states are asked for */
export const stateAndVectors = async (fitted: FittedJourney, data: SequenceData, of: { readonly members: readonly number[]; readonly items: readonly number[]; readonly second?: number }): Promise<Embedded> => {
  const { width } = fitted.model;
  const known = of.members.filter((row) => row >= 0);
  const encoder = createEncoder(fitted.model, fitted.arena, fitted.facts);
  const scorer = createScorer(fitted.model, fitted.arena, fitted.facts);
  await scorer.refresh();
  const found = new Float32Array(known.length * width);
  const moments = { members: Int32Array.from(known), ends: Int32Array.from(known, (row) => data.starts[row + 1] ?? 0), ...(of.second === undefined ? {} : { seconds: new Float64Array(known.length).fill(of.second) }) };
  await encoder.encode(data, moments, found);
  const [states, vectors] = [new Float32Array(of.members.length * width), new Float32Array(of.members.length * width)];
  let at = 0;
  of.members.forEach((row, member) => {
    const item = of.items[member] ?? 0;
    vectors.set(scorer.vectors.subarray(item * width, (item + 1) * width), member * width);
    // Who did nothing yet has no state here.
    if (row >= 0) { states.set(found.subarray(at * width, (at + 1) * width), member * width); at++; }
  });
  await encoder.close();
  await scorer.close();
  return { width, states, vectors };
};

export const FEATURES = ['friend', 'closeFriend', 'employer', 'school', 'group', 'state', 'profile', 'states'] as const;
export const WIDTH: number = FEATURES.length;
const [PLACES, STATE_TO_VECTOR, VECTORS, STATES] = [2, 5, 6, 7];

/** What is known of one member's candidates: rows of FEATURES, the embeddings less their mean over these rows. */
export interface Asked { readonly member: number; readonly rows: number; readonly values: Float64Array; /** By row: 1 where the tie was hidden, or is made later. */ readonly hidden: Uint8Array; readonly later: Uint8Array }
export interface Acquaintances { readonly asked: readonly Asked[]; /** Ends of ties of each kind, and how many of them are among the candidates. */ readonly ties: Readonly<Record<'hidden' | 'later', { readonly all: number; readonly found: number }>>; readonly events: number }

export interface Asking {
  readonly member: number;
  readonly embedded: Embedded;
  /** By member. */
  readonly friends: readonly (readonly number[])[];
  /** Whom the member is tied to already: no candidates. */
  readonly tied: readonly number[];
  /** Members of each of the member's own employers, of each school, of each group. */
  readonly shared: readonly (readonly (readonly number[])[])[];
  isHidden(other: number): boolean;
  isLater(other: number): boolean;
}

/** Features of everybody within two steps or at a place of the member's, whom they do not know. */
const commonOf = ({ member, friends, tied, shared }: Asking): ReadonlyMap<number, Float64Array> => {
  const found = new Map<number, Float64Array>();
  const add = (other: number, feature: number, amount: number): void => {
    const row = found.get(other) ?? new Float64Array(WIDTH);
    found.set(other, row);
    row[feature] = (row[feature] ?? 0) + amount;
  };
  for (const friend of friends[member] ?? []) {
    const theirs = friends[friend] ?? [];
    for (const other of theirs) { add(other, 0, 1 / Math.log2(2 + theirs.length)); add(other, 1, 1 / (1 + theirs.length)); }
  }
  shared.forEach((places, kind) => { for (const place of places) for (const other of place) add(other, PLACES + kind, 1); });
  for (const known of [member, ...tied]) found.delete(known);
  return found;
};

const centre = (values: Float64Array, feature: number): void => {
  let sum = 0;
  for (let at = feature; at < values.length; at += WIDTH) sum += values[at] ?? 0;
  const mean = sum / Math.max(1, values.length / WIDTH);
  for (let at = feature; at < values.length; at += WIDTH) values[at] = (values[at] ?? 0) - mean;
};

export const askedOf = (asking: Asking): Asked => {
  const { member, embedded: { width, states, vectors }, isHidden, isLater } = asking;
  const found = [...commonOf(asking)];
  const values = new Float64Array(found.length * WIDTH);
  const cosine = (one: Float32Array, two: Float32Array, other: number): number => {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += (one[member * width + i] ?? 0) * (two[other * width + i] ?? 0);
    return sum;
  };
  found.forEach(([other, row], at) => {
    row[STATE_TO_VECTOR] = cosine(states, vectors, other);
    row[VECTORS] = cosine(vectors, vectors, other);
    row[STATES] = cosine(states, states, other);
    values.set(row, at * WIDTH);
  });
  for (const feature of [STATE_TO_VECTOR, VECTORS, STATES]) centre(values, feature);
  return { member, rows: found.length, values, hidden: Uint8Array.from(found, ([other]) => Number(isHidden(other))), later: Uint8Array.from(found, ([other]) => Number(isLater(other))) };
};

const KINDS_OF_PLACE: readonly EdgeName[] = ['workedAt', 'studiedAt', 'belongsTo'];

export const acquaintances = async (seed: number, span: Span): Promise<Acquaintances> => {
  const { platform, data: { data, memberOf, itemOf }, hidden, later, refs, second } = await live(seed, span);
  const fitted = await fitJourney(data, { seed, clock: systemClock });
  const embedded = await stateAndVectors(fitted, data, { members: refs.map((ref) => memberOf(ref.slice('member:'.length))), items: refs.map(itemOf), second });
  const { catalog } = platform.state;
  const numbers = new Map(refs.map((ref, number) => [catalog.find(ref), number]));
  const membersOf = (entities: Iterable<number>): readonly number[] => [...entities].flatMap((entity) => numbers.get(entity) ?? []);
  const friends = refs.map((ref) => membersOf(catalog.edges.connected.from.values(catalog.find(ref))));
  const asked = refs.map((ref, member) => askedOf({
    member, embedded, friends, tied: [...friends[member] ?? [], ...membersOf(catalog.edges.follows.from.values(catalog.find(ref)))],
    shared: KINDS_OF_PLACE.map((edge) => [...catalog.edges[edge].from.values(catalog.find(ref))].map((place) => membersOf(catalog.edges[edge].to.values(place)))),
    isHidden: (other) => hidden.has(pairOf(ref, refs[other] ?? '')), isLater: (other) => later.has(pairOf(ref, refs[other] ?? '')),
  }));
  const count = (kind: 'hidden' | 'later'): number => asked.reduce((sum, each) => sum + each[kind].reduce((ones, one) => ones + one, 0), 0);
  await platform.close();
  return { asked, ties: { hidden: { all: 2 * hidden.size, found: count('hidden') }, later: { all: 2 * later.size, found: count('later') } }, events: data.item.length };
};
