/** Small data with every column that a log has, and a journey model over it. */
import { seededRandom, type Random } from '../../../../src/core/random.ts';
import type { JourneyArtefact } from '../../../../src/models/journey/artefact.ts';
import { createJourneyEvents, type JourneyEvents } from '../../../../src/models/journey/events.ts';
import { trainedParts, type Trained } from '../../../../src/models/journey/trained.ts';
import { CONTENT_BUCKETS, CONTENT_WIDTH } from '../../../../src/models/sequences/content.ts';
import type { SequenceData, Split } from '../../../../src/models/sequences/data.ts';
import { gatesOf } from '../../../../src/models/sequences/feeds.ts';
import { journeyModel, modelArena, type ModelSizes, type ServingModel } from '../../../../src/models/sequences/model.ts';
import { vocabularyOf } from '../../../../src/models/sequences/vocabulary.ts';

export type FullData = SequenceData & Required<Pick<SequenceData, 'seconds' | 'action' | 'surface' | 'dwell' | 'content'>>;
export const below = (random: Random, limit: number): number => Math.floor(random.next() * limit);

/** Members walk through a ring of items, so that the next item can be learned. */
export const madeData = ({ members, items, events, seed = 1 }: { readonly members: number; readonly items: number; readonly events: number; readonly seed?: number }): FullData => {
  const random = seededRandom(seed);
  const total = members * events;
  const features = new Uint16Array(items * CONTENT_WIDTH);
  for (let item = 0; item < items; item++) for (let f = 0; f < 1 + item % 5; f++) features[item * CONTENT_WIDTH + f] = 1 + below(random, 60);
  const item = new Int32Array(total);
  const seconds = new Float64Array(total);
  for (let member = 0; member < members; member++) {
    let at = below(random, items);
    let second = 1_600_000_000 + below(random, 100_000);
    for (let event = 0; event < events; event++) {
      at = (at + 1 + below(random, 2)) % items;
      second += 1 + below(random, 40_000);
      item[member * events + event] = at;
      seconds[member * events + event] = second;
    }
  }
  const column = (limit: number): Uint8Array => Uint8Array.from({ length: total }, () => below(random, limit));
  return {
    members, items, starts: Int32Array.from({ length: members + 1 }, (_, m) => m * events), item, seconds,
    action: column(9), actions: Array.from({ length: 9 }, (_, i) => `a${i}`), surface: column(5), surfaces: Array.from({ length: 5 }, (_, i) => `s${i}`), dwell: column(7),
    content: { width: CONTENT_WIDTH, buckets: CONTENT_BUCKETS, features },
    memberNames: Array.from({ length: members }, (_, m) => String(m)), itemNames: Array.from({ length: items }, (_, i) => `${i % 4 === 3 ? 'member' : 'post'}:${i}`),
  };
};

export const madeSplit = (data: SequenceData): Split => {
  const trainEnds = Int32Array.from({ length: data.members }, (_, m) => (data.starts[m + 1] ?? 0) - 1);
  return { protocol: 'last event', trainEnds, validation: trainEnds, test: new Int32Array(data.members).fill(-1) };
};

export const SMALL: ModelSizes = { width: 8, blocks: 2, heads: 2, window: 12, dropout: 0, temperature: 0.1 };

/** A model whose every parameter is away from where it begins: a bias of zero would hide a mistake. */
export const madeModel = (data: SequenceData, sizes: ModelSizes = SMALL): Trained & { readonly model: ServingModel } => {
  const model = journeyModel(sizes, vocabularyOf(data, { pauses: true }));
  const random = seededRandom(5);
  const arena = modelArena(model, random);
  for (const { name, value } of arena.parameters) for (let i = 0; i < value.length; i++) value[i] = (name.endsWith('/gain') ? 1 : 0) + (random.next() - 0.5) * (name === 'content' ? 1 : 0.6);
  const gates = gatesOf(data, madeSplit(data).trainEnds).map((gate, item) => ((data.itemNames[item] ?? '').startsWith('member:') ? 0 : gate));
  return { model, arena, facts: { content: data.content, gates }, itemNames: data.itemNames };
};

export const madeArtefact = (trained: Trained, version = 'journey-20260101T000000-abcdef'): JourneyArtefact => ({
  version, ...trainedParts(trained), registries: { actions: [], surfaces: [] }, trainedThrough: [{ partition: 0, sequence: 10 }],
  card: { createdAt: '2026-01-01T00:00:00.000Z', chosen: 'nothing', protocol: 'made', figures: {}, curve: [], members: 1, events: 1, parameters: trained.arena.values.length, seed: 1, seconds: 1, commit: 'test' },
});

/** The events [from, end) of the data as a reader is given them. */
export const eventsOf = (data: FullData, rowOf: (reference: string) => number, [from, end]: readonly [number, number]): JourneyEvents => {
  const events = createJourneyEvents(Math.max(1, end - from));
  events.count = end - from;
  for (let i = 0; i < end - from; i++) {
    const item = data.item[from + i] ?? 0;
    events.item[i] = item;
    events.row[i] = rowOf(data.itemNames[item] ?? '');
    events.features.set(data.content.features.subarray(item * CONTENT_WIDTH, (item + 1) * CONTENT_WIDTH), i * CONTENT_WIDTH);
    for (const name of ['action', 'surface', 'dwell', 'seconds'] as const) events[name][i] = data[name][from + i] ?? 0;
  }
  return events;
};
