import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/core/random.ts';
import type { StoredHeads } from '../../../../src/models/journey/artefact.ts';
import { choiceLoss, headLogits, likelihoodLoss } from '../../../../src/models/journey/head-graph.ts';
import { fillFinalist, fillLight, FINALIST_HIDDEN, LIGHT_HIDDEN } from '../../../../src/models/journey/inputs.ts';
import { createFinalist, createLight } from '../../../../src/models/journey/serve-heads.ts';
import { createArena, type Arena } from '../../../../src/nn/arena.ts';
import { checkGradients } from '../../../../src/nn/check.ts';
import { createGraph } from '../../../../src/nn/graph.ts';
import { compile } from '../../../../src/nn/session.ts';
import { declareWeights } from '../../../../src/nn/weights.ts';
import { storedWeights } from '../../../../src/models/journey/trained.ts';

const WIDTH = 10;
const CONTEXT_NAMES = Array.from({ length: 17 }, (_, i) => `c${i}`);
const CONTEXT = CONTEXT_NAMES.length;
const ACTIONS = ['like', 'hide', 'save'];
const random = seededRandom(4);
const floats = (count: number, scale = 1): Float32Array => Float32Array.from({ length: count }, () => scale * (random.next() - 0.5));
const unit = (count: number): Float32Array => {
  const out = floats(count * WIDTH);
  for (let row = 0; row < count; row++) {
    const own = out.subarray(row * WIDTH, (row + 1) * WIDTH);
    const length = Math.hypot(...own);
    for (let i = 0; i < WIDTH; i++) own[i] = (own[i] ?? 0) / length;
  }
  return out;
};

const arenaOf = (inputs: number, hidden: number): Arena => {
  const g = createGraph();
  const w = declareWeights(g);
  headLogits({ g, w, drop: (x) => x }, g.input('x', [1, inputs]), { name: 'head', inputs, hidden, actions: ACTIONS.length });
  const arena = createArena(w.specs, random);
  for (const { value } of arena.parameters) value.set(floats(value.length, 0.5));
  return arena;
};

const byGraph = async (arena: Arena, x: Float32Array, { rows, inputs, hidden }: { readonly rows: number; readonly inputs: number; readonly hidden: number }): Promise<Float32Array> => {
  const g = createGraph();
  const w = declareWeights(g);
  const session = await compile({ logits: headLogits({ g, w, drop: (value) => value }, g.input('x', [rows, inputs]), { name: 'head', inputs, hidden, actions: ACTIONS.length }) });
  for (const { name } of w.specs) session.bind(name, arena.parameter(name).value);
  session.bind('x', x);
  await session.run();
  const out = Float32Array.from(session.outputs.logits);
  await session.close();
  return out;
};

const light = arenaOf(3 * WIDTH + CONTEXT, LIGHT_HIDDEN);
const finalist = arenaOf(3 * WIDTH, FINALIST_HIDDEN);
const heads = ((): StoredHeads => {
  const [first, second] = [storedWeights(light), storedWeights(finalist)];
  const values = new Float32Array(first.values.length + second.values.length);
  values.set(first.values);
  values.set(second.values, first.values.length);
  return {
    actions: ACTIONS, context: CONTEXT_NAMES, hidden: LIGHT_HIDDEN, values,
    layout: [...first.layout.map((entry) => ({ ...entry, name: `light/${entry.name}` })), ...second.layout.map((entry) => ({ ...entry, name: `finalists/${entry.name}`, offset: entry.offset + first.values.length }))],
  };
})();

describe('the light head', () => {
  it.each(['wasm', 'plain'] as const)('answers by kernels (%s) what its graph answers', async (backend) => {
    const rows = 37;
    const [state, vectors, values] = [unit(1), unit(rows), floats(rows * CONTEXT)];
    const inputs = 3 * WIDTH + CONTEXT;
    const x = new Float32Array(rows * inputs);
    for (let row = 0; row < rows; row++) {
      fillLight({ state, vector: vectors.subarray(row * WIDTH, (row + 1) * WIDTH), width: WIDTH }, x, row * inputs);
      x.set(values.subarray(row * CONTEXT, (row + 1) * CONTEXT), row * inputs + 3 * WIDTH);
    }
    const expected = await byGraph(light, x, { rows, inputs, hidden: LIGHT_HIDDEN });
    const head = createLight(heads, WIDTH, backend);
    for (let row = 0; row < rows; row++) head.vectors.set(vectors.subarray(row * WIDTH, (row + 1) * WIDTH), row * head.stride);
    head.values.set(values);
    const out = head.run(state, rows).slice(0, rows * ACTIONS.length);
    out.forEach((logit, i) => { expect(logit).toBeCloseTo(expected[i] ?? Number.NaN, 4); });
    expect(() => head.run(state, 5000)).toThrow('asked for 5000 candidates');
    head.release();
  });
});

describe('the head of finalists', () => {
  it('adds in plain arithmetic what its graph answers', async () => {
    const rows = 9;
    const [state, vectors, own, base] = [unit(1), unit(rows), unit(rows), floats(rows * ACTIONS.length)];
    const x = new Float32Array(rows * 3 * WIDTH);
    for (let row = 0; row < rows; row++) fillFinalist({ state, vector: vectors.subarray(row * WIDTH, (row + 1) * WIDTH), own: own.subarray(row * WIDTH, (row + 1) * WIDTH), width: WIDTH }, x, row * 3 * WIDTH);
    const expected = await byGraph(finalist, x, { rows, inputs: 3 * WIDTH, hidden: FINALIST_HIDDEN });
    const logits = Float32Array.from(base);
    createFinalist(heads, WIDTH).add({ state, vectors, own, n: rows }, logits);
    logits.forEach((logit, i) => { expect(logit).toBeCloseTo((base[i] ?? 0) + (expected[i] ?? Number.NaN), 4); });
  });
});

describe('the losses of the heads', () => {
  const [requests, candidates, inputs, hidden] = [3, 4, 5, 6];
  const rows = requests * candidates;
  const feedsFor = (arena: Arena): Record<string, Float32Array> => {
    const labels = new Float32Array(rows * 3);
    const shares = new Float32Array(rows * 3);
    const there = new Float32Array(rows * 3);
    const weights = new Float32Array(requests * 3).fill(0.2);
    for (let request = 0; request < requests; request++) {
      for (let action = 0; action < 3; action++) {
        labels[(request * candidates + (request + action) % candidates) * 3 + action] = 1;
        shares[(request * 3 + action) * candidates + (request + action) % candidates] = 1;
      }
    }
    there[3] = -1e9;
    return { x: floats(rows * inputs, 2), labels, shares, there, weights, ...Object.fromEntries(arena.parameters.map(({ name, value }) => [name, value])) };
  };
  it.each(['choice', 'likelihood'] as const)('have the gradients of finite differences: %s', async (which) => {
    const arena = arenaOf(inputs, hidden);
    // Every unit is wholly on or wholly off: at the kink of a ReLU a difference is no gradient.
    arena.parameter('head/inner/bias').value.forEach((_, unitAt, bias) => { bias[unitAt] = unitAt % 3 === 0 ? -2 : 2; });
    const g = createGraph();
    const w = declareWeights(g);
    const build = { g, w, drop: (x: ReturnType<typeof g.scalar>) => x };
    const logits = headLogits(build, g.input('x', [rows, inputs]), { name: 'head', inputs, hidden, actions: 3 });
    const loss = which === 'choice' ? choiceLoss(build, logits, { requests, candidates }) : likelihoodLoss(build, logits);
    const feeds = feedsFor(arena);
    const report = await checkGradients({ g, loss, wanted: w.denseValues }, { ...feeds, ...(which === 'likelihood' ? { weights: new Float32Array(rows).fill(0.1) } : {}) }, 3e-3);
    expect(report.map(({ name }) => name)).toEqual(['head/inner/weight', 'head/inner/bias', 'head/outer/weight', 'head/outer/bias']);
    for (const { name, worst } of report) expect(worst, name).toBeLessThan(0.03);
  });
});
