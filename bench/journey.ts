// The journey model when serving: a state after 200 events, the light head over 500 candidates, 32 finalists; and what a step costs as the catalogue grows.
import { normal, seededRandom } from '../src/core/random.ts';
import { createArena } from '../src/nn/arena.ts';
import { createAverage } from '../src/nn/average.ts';
import { clipScale, gradientNorm } from '../src/nn/clip.ts';
import { createGraph } from '../src/nn/graph.ts';
import { createAdam } from '../src/nn/optimiser.ts';
import { declareWeights } from '../src/nn/weights.ts';
import type { JourneyArtefact, StoredHeads } from '../src/models/journey/artefact.ts';
import { LIGHT_CONTEXT } from '../src/models/journey/light.ts';
import { createJourneyEvents } from '../src/models/journey/events.ts';
import { headLogits } from '../src/models/journey/head-graph.ts';
import { FINALIST_HIDDEN, LIGHT_HIDDEN } from '../src/models/journey/inputs.ts';
import { createJourneyReader } from '../src/models/journey/reader.ts';
import { FINALISTS } from '../src/models/journey/state-encoder.ts';
import { storedWeights, trainedParts } from '../src/models/journey/trained.ts';
import { CONTENT_BUCKETS, CONTENT_WIDTH } from '../src/models/sequences/content.ts';
import type { SequenceData, Split } from '../src/models/sequences/data.ts';
import { journeyModel, modelArena, type ModelSizes } from '../src/models/sequences/model.ts';
import { planFor } from '../src/models/sequences/sizes.ts';
import { createSequenceTask } from '../src/models/sequences/task.ts';
import { vocabularyOf } from '../src/models/sequences/vocabulary.ts';
import { machine, median } from './lib/machine.ts';

const EVENTS = 200;
const CANDIDATES = 500;
const ACTIONS = 10;
const ROUNDS = 11;
const random = seededRandom(1);
const below = (limit: number): number => Math.floor(random.next() * limit);
const floats = (count: number): Float32Array => Float32Array.from({ length: count }, () => normal(random) / 8);

/** Members with `events` events each over a catalogue drawn from a long tail. */
const made = ({ members, items, events }: { readonly members: number; readonly items: number; readonly events: number }): SequenceData => {
  const total = members * events;
  const column = (limit: number): Uint8Array => Uint8Array.from({ length: total }, () => below(limit));
  const features = Uint16Array.from({ length: items * CONTENT_WIDTH }, () => 1 + below(CONTENT_BUCKETS - 1));
  return {
    members, items, starts: Int32Array.from({ length: members + 1 }, (_, m) => m * events), item: Int32Array.from({ length: total }, () => Math.floor(items * random.next() ** 3)),
    seconds: Float64Array.from({ length: total }, (_, i) => 1.7e9 + (i % events) * 40_000 + below(30_000)),
    action: column(20), actions: Array.from({ length: 23 }, (_, i) => `a${i}`), surface: column(8), surfaces: Array.from({ length: 11 }, (_, i) => `s${i}`), dwell: column(12),
    content: { width: CONTENT_WIDTH, buckets: CONTENT_BUCKETS, features },
    memberNames: [], itemNames: Array.from({ length: items }, (_, i) => `post:${i}`),
  };
};
const splitOf = (data: SequenceData): Split => ({ protocol: '', trainEnds: data.starts.slice(1), validation: new Int32Array(data.members).fill(-1), test: new Int32Array(data.members).fill(-1) });

const randomHeads = (width: number): StoredHeads => {
  const arenaOf = (inputs: number, hidden: number) => {
    const g = createGraph();
    const w = declareWeights(g);
    headLogits({ g, w, drop: (x) => x }, g.input('x', [1, inputs]), { name: 'head', inputs, hidden, actions: ACTIONS });
    return storedWeights(createArena(w.specs, random));
  };
  const [light, finalists] = [arenaOf(3 * width + LIGHT_CONTEXT.length, LIGHT_HIDDEN), arenaOf(3 * width, FINALIST_HIDDEN)];
  const values = new Float32Array(light.values.length + finalists.values.length);
  values.set(light.values);
  values.set(finalists.values, light.values.length);
  return {
    actions: Array.from({ length: ACTIONS }, (_, i) => `a${i}`), context: LIGHT_CONTEXT, hidden: LIGHT_HIDDEN, values,
    layout: [...light.layout.map((entry) => ({ ...entry, name: `light/${entry.name}` })), ...finalists.layout.map((entry) => ({ ...entry, name: `finalists/${entry.name}`, offset: entry.offset + light.values.length }))],
  };
};

const artefactOf = (data: SequenceData, sizes: ModelSizes): JourneyArtefact => {
  const model = journeyModel(sizes, vocabularyOf(data, { pauses: true }));
  const arena = modelArena(model, random);
  return {
    version: 'journey-bench', ...trainedParts({ model, arena, facts: { content: data.content, gates: new Float32Array(data.items).fill(0.5) }, itemNames: data.itemNames }),
    registries: { actions: [], surfaces: [] }, trainedThrough: [], heads: randomHeads(sizes.width),
    card: { createdAt: '', chosen: '', protocol: '', figures: {}, curve: [], members: 1, events: 1, parameters: 1, seed: 1, seconds: 1, commit: '' },
  };
};

/** Calls until they took so much processor time: by the clock, a machine that others use too would leave them no time to be compiled in. */
const during = async (call: () => Promise<void> | void, ms: number): Promise<{ readonly processorUs: number; readonly clockUs: number }> => {
  const [cpu, at] = [process.cpuUsage(), performance.now()];
  for (let calls = 10; ; calls += 10) {
    for (let i = 0; i < 10; i++) await call();
    const used = process.cpuUsage(cpu);
    if (used.user + used.system > ms * 1000) return { processorUs: (used.user + used.system) / calls, clockUs: (performance.now() - at) * 1000 / calls };
  }
};

/** Processor and clock microseconds of one call, the medians of rounds of about 40 ms of processor time, the first 400 ms aside. */
const timed = async (call: () => Promise<void> | void): Promise<{ readonly processorUs: number; readonly clockUs: number }> => {
  globalThis.gc?.();
  await during(call, 400);
  const [processor, clock]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    const { processorUs, clockUs } = await during(call, 40);
    processor.push(processorUs);
    clock.push(clockUs);
  }
  return { processorUs: median(processor), clockUs: median(clock) };
};

const serving = async (): Promise<void> => {
  const data = made({ members: 4, items: 3000, events: EVENTS });
  for (const blocks of [1, 2]) {
    const sizes: ModelSizes = { ...planFor(data, splitOf(data)).sizes, blocks, window: EVENTS };
    const reader = createJourneyReader(artefactOf(data, sizes));
    const { width } = sizes;
    const events = createJourneyEvents(EVENTS);
    events.count = EVENTS;
    for (let i = 0; i < EVENTS; i++) {
      const item = data.item[i] ?? 0;
      events.row[i] = item;
      events.features.set(data.content?.features.subarray(item * CONTENT_WIDTH, (item + 1) * CONTENT_WIDTH) ?? [], i * CONTENT_WIDTH);
      for (const name of ['action', 'surface', 'dwell', 'seconds'] as const) events[name][i] = data[name]?.[i] ?? 0;
    }
    const seconds = 1.7e9 + EVENTS * 50_000;
    const state = new Float32Array(width);
    const rows = Int32Array.from({ length: CANDIDATES }, () => below(data.items));
    const features = new Uint16Array(CANDIDATES * CONTENT_WIDTH);
    rows.forEach((row, i) => { features.set(data.content?.features.subarray(row * CONTENT_WIDTH, (row + 1) * CONTENT_WIDTH) ?? [], i * CONTENT_WIDTH); });
    const vectors = new Float32Array(CANDIDATES * width);
    reader.vectors({ rows, features }, vectors);
    const values = floats(CANDIDATES * LIGHT_CONTEXT.length);
    for (let i = 0; i < CANDIDATES; i++) reader.light?.vectors.set(vectors.subarray(i * width, (i + 1) * width), i * reader.light.stride);
    reader.light?.values.set(values);
    const finalists = { items: { rows: rows.slice(0, FINALISTS), features: features.slice(0, FINALISTS * CONTENT_WIDTH) }, state, logits: new Float32Array(FINALISTS * ACTIONS) };
    const lines: readonly (readonly [string, () => Promise<void> | void])[] = [
      [`state after ${EVENTS} events`, async () => reader.state(events, seconds, state)],
      [`light head, ${CANDIDATES} candidates, ${ACTIONS} actions`, () => { reader.light?.run(state, CANDIDATES); }],
      [`${FINALISTS} finalists behind ${EVENTS} events`, async () => { await reader.finalists(events, seconds, finalists); }],
      [`vectors of ${CANDIDATES} items`, () => { reader.vectors({ rows, features }, vectors); }],
    ];
    for (const [name, call] of lines) {
      const { processorUs, clockUs } = await timed(call);
      process.stdout.write(`width ${width}, depth ${blocks}: ${name.padEnd(44)} ${processorUs.toFixed(0).padStart(6)} us processor, ${clockUs.toFixed(0)} us clock\n`);
    }
    await reader.close();
  }
};

/** Whole steps of training, the optimiser's among them, as the catalogue grows: members, events and window stay as they are. */
const STEPS = 6;
const growth = async (largest: number): Promise<void> => {
  process.stdout.write('\nitems      negatives  processor ms a step  an epoch, s  parameters  MB of them  MB resident\n');
  for (const items of [3000, 10_000, 30_000, 100_000, 300_000, 1_000_000].filter((count) => count <= largest)) {
    const data = made({ members: 4000, items, events: 40 });
    const split = splitOf(data);
    const plan = planFor(data, split);
    const task = createSequenceTask(journeyModel(plan.sizes, vocabularyOf(data, { pauses: true })), { data, split }, { seed: 1, batch: plan.batch, tokens: 1024, negatives: plan.negatives });
    const [optimiser, average] = [createAdam(task.arena), createAverage(task.arena, 0.99)];
    const whole = async (batch: number): Promise<void> => {
      task.arena.clearGradients();
      await task.step(0, batch);
      average.before();
      optimiser.step(plan.rate, clipScale(gradientNorm(task.arena), 1));
      average.after();
    };
    await whole(0);
    const cpu = process.cpuUsage();
    for (let step = 0; step < STEPS; step++) await whole(step);
    const used = process.cpuUsage(cpu);
    const ms = (used.user + used.system) / 1000 / STEPS;
    const { length } = task.arena.values;
    process.stdout.write(`${String(items).padEnd(11)}${String(plan.negatives).padEnd(11)}${ms.toFixed(0).padEnd(21)}${(ms * task.batches / 1000).toFixed(1).padEnd(13)}${String(length).padEnd(12)}${(length * 4 / 1e6).toFixed(0).padEnd(12)}${(process.memoryUsage().rss / 1e6).toFixed(0)}\n`);
    await task.close();
    globalThis.gc?.();
  }
};

process.stdout.write(`${machine()}\n`);
await serving();
await growth(Number(process.argv[2] ?? 1_000_000));
