/** What the journey model reads in a member's sequence: for the member who asks, and for whoever builds on it. Costs a forward pass per event. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Catalog } from '../catalog/catalog.ts';
import type { Clock } from '../core/clock.ts';
import { ACTIONS, ENTITY_KINDS, SURFACES } from '../core/registry.ts';
import { DWELL_EDGES } from '../journey/layout.ts';
import { createJourneyEvents, type JourneyEvents } from '../models/journey/events.ts';
import { profileState } from '../models/journey/profile.ts';
import type { JourneyReader } from '../models/journey/reader.ts';
import { CONTENT_WIDTH } from '../models/sequences/content.ts';
import type { Log } from '../log/port.ts';
import { createSpace } from '../memory/space.ts';
import { openState, type State } from './state.ts';

export interface Expected { readonly name: string; readonly share: number }
export interface Expectation { readonly items: readonly { readonly item: string; readonly title: string; readonly fit: number }[]; readonly kinds: readonly Expected[]; readonly topics: readonly Expected[] }
export interface ReadEvent {
  readonly at: string; readonly surface: string; readonly action: string; readonly item: string; readonly title: string;
  /** "5 s to 8 s", or null where it is not known how long. */
  readonly dwell: string | null;
  /** Share of the state that goes with this event; null where it is too far back to be read. */
  readonly weight: number | null;
}
export interface JourneyReading {
  readonly member: string;
  readonly model: string;
  /** `withheld`: the member lets no event be used. `profile`: there is none, and their profile stands in. */
  readonly basis: 'events' | 'profile' | 'nothing' | 'withheld';
  /** Oldest first. */
  readonly events: readonly ReadEvent[];
  readonly next: Expectation;
  /** What was expected after each of the last events, oldest first. */
  readonly changes: readonly { readonly after: string; readonly at: string; readonly topics: readonly Expected[] }[];
}

/** All that may stand on a page, and unit vectors [items, width] of it. */
export interface FeedVectors { readonly items: Int32Array; readonly vectors: Float32Array }

export interface ReadingOptions {
  readonly member: string;
  readonly clock: Clock;
  /** Steps back into the past. */
  readonly steps?: number;
  /** Default: made for this reading. */
  readonly feed?: FeedVectors;
}

/** Everything that a log says, for reading beside whoever writes it. */
export const replayState = async (log: Log, onProgress: (share: number) => void): Promise<State> => {
  const state = openState(createSpace());
  const ends = log.end();
  const total = Math.max(1, ends.reduce((sum, { sequence }) => sum + sequence, 0));
  let done = 0;
  for await (const block of log.read(ends.map(({ partition }) => ({ partition, sequence: 0 })))) {
    state.apply(block);
    onProgress(Math.min(1, (done += block.records.length) / total));
  }
  return state;
};

/** Items looked at for an expectation, and how many of them are named. */
const CLOSEST = 50;
const NAMED = 10;
const TOPICS = 5;
const STEPS = 8;
const CHUNK = 1024;

const dwellText = (bucket: number): string | null => {
  if (bucket === 0) return null;
  const [from, to] = [DWELL_EDGES[bucket - 2] ?? 0, DWELL_EDGES[bucket - 1]];
  return to === undefined ? `over ${from} s` : `${from} s to ${to} s`;
};

type Source = Pick<State, 'catalog' | 'journey' | 'content'>;

/** Unit vectors of all that may stand on a page, made once. */
const feedVectors = ({ catalog, content }: Source, reader: JourneyReader): FeedVectors => {
  const items = catalog.timeline.values(0);
  const vectors = new Float32Array(items.length * reader.width);
  for (let from = 0; from < items.length; from += CHUNK) {
    const part = items.subarray(from, from + CHUNK);
    const features = new Uint16Array(part.length * CONTENT_WIDTH);
    part.forEach((item, i) => { features.set(content.of(item), i * CONTENT_WIDTH); });
    reader.vectors({ rows: part.map((item) => reader.itemRow(catalog.entities.name(item))), features }, vectors.subarray(from * reader.width));
  }
  return { items, vectors };
};

const shares = (counts: ReadonlyMap<string, number>, most: number): readonly Expected[] => {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [...counts].map(([name, count]) => ({ name, share: count / total })).sort((a, b) => b.share - a.share || a.name.localeCompare(b.name)).slice(0, most);
};
const add = (counts: Map<string, number>, name: string, amount: number): void => { counts.set(name, (counts.get(name) ?? 0) + amount); };

const expect = (catalog: Catalog, { items, vectors }: FeedVectors, state: Float32Array): Expectation => {
  const width = state.length;
  const fits = new Float32Array(items.length);
  for (let i = 0; i < items.length; i++) {
    let fit = 0;
    for (let d = 0; d < width; d++) fit += (state[d] ?? 0) * (vectors[i * width + d] ?? 0);
    fits[i] = fit;
  }
  // Of a large catalogue few come near the fifty best: only those are made objects of and sorted.
  const least = Math.max(0, fits.toSorted()[fits.length - CLOSEST] ?? 0);
  const closest = [...items.keys()].filter((i) => (fits[i] ?? 0) > 0 && (fits[i] ?? 0) >= least).map((i) => ({ item: items[i] ?? 0, fit: fits[i] ?? 0 })).sort((a, b) => b.fit - a.fit || b.item - a.item).slice(0, CLOSEST);
  const kinds = new Map<string, number>();
  const topics = new Map<string, number>();
  for (const { item, fit } of closest) {
    add(kinds, ENTITY_KINDS[catalog.items.columns.kind[item] ?? 0] ?? '', fit);
    for (const term of catalog.termsOf.values(item)) add(topics, catalog.terms.name(term), fit);
  }
  return {
    items: closest.slice(0, NAMED).map(({ item, fit }) => ({ item: catalog.entities.name(item), title: catalog.nameOf(item), fit })),
    kinds: shares(kinds, ENTITY_KINDS.length), topics: shares(topics, TOPICS),
  };
};

/** The first `count` events of a sequence. */
const upTo = (events: JourneyEvents, count: number): JourneyEvents => ({ ...events, count });

const NOTHING: Expectation = { items: [], kinds: [], topics: [] };

/** @returns undefined where nobody has mentioned the member */
export const readJourneyOf = async (source: Source, reader: JourneyReader, options: ReadingOptions): Promise<JourneyReading | undefined> => {
  const { catalog, journey, content } = source;
  const number = catalog.find(`member:${options.member}`);
  if (number < 0) return undefined;
  const allowed = catalog.allowed(number);
  const events = createJourneyEvents();
  journey.sequences.read(number, allowed, events);
  for (let i = 0; i < events.count; i++) {
    events.row[i] = reader.itemRow(catalog.entities.name(events.item[i] ?? 0));
    events.features.set(content.of(events.item[i] ?? 0), i * CONTENT_WIDTH);
  }
  const now = Math.floor(options.clock.now() / 1000);
  const state = new Float32Array(reader.width);
  const common = { member: `member:${options.member}`, model: reader.version };
  if (!allowed.activity || !allowed.sequence) return { ...common, basis: 'withheld', events: [], next: NOTHING, changes: [] };
  const feed = options.feed ?? feedVectors(source, reader);
  if (events.count === 0) {
    const isKnown = allowed.profile && profileState(reader, content.of(number), state);
    return { ...common, basis: isKnown ? 'profile' : 'nothing', events: [], next: isKnown ? expect(catalog, feed, state) : NOTHING, changes: [] };
  }
  const weights = await reader.weights(events, now);
  const unread = Math.max(0, events.count - reader.window);
  const nameOf = (i: number): string => catalog.entities.name(events.item[i] ?? 0);
  const timeOf = (i: number): string => new Date((events.seconds[i] ?? 0) * 1000).toISOString();
  const changes: { readonly after: string; readonly at: string; readonly topics: readonly Expected[] }[] = [];
  for (let count = Math.max(1, events.count - (options.steps ?? STEPS) + 1); count <= events.count; count++) {
    await turn();
    await reader.state(upTo(events, count), events.seconds[count] ?? now, state);
    changes.push({ after: nameOf(count - 1), at: timeOf(count - 1), topics: expect(catalog, feed, state).topics });
  }
  return {
    ...common, basis: 'events', changes,
    // The last step has read everything, as of now.
    next: expect(catalog, feed, state),
    events: Array.from({ length: events.count }, (_, i): ReadEvent => ({
      at: timeOf(i), surface: SURFACES[events.surface[i] ?? 0] ?? 'other', action: ACTIONS[events.action[i] ?? 0]?.name ?? '', item: nameOf(i), title: catalog.nameOf(events.item[i] ?? 0),
      dwell: dwellText(events.dwell[i] ?? 0), weight: i < unread ? null : weights[i] ?? 0,
    })),
  };
};
