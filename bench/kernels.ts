// CPU of the serving kernels: WebAssembly against their twins in plain TypeScript (written to be read, not to be fast), alternated.
import { normal, seededRandom } from '../src/core/random.ts';
import { createScorer, createSecondPass } from '../src/feed/second-pass.ts';
import { FEATURES } from '../src/models/features.ts';
import { createKernels, type Kernels } from '../src/kernels/kernels.ts';
import { machine, median } from './lib/machine.ts';

const ROUNDS = 11;
const BATCH_MS = 40;

const random = seededRandom(1);
const floats = (count: number, scale = 1): Float32Array => Float32Array.from({ length: count }, () => scale * normal(random));
const numbers = (count: number, below: number): Int32Array => Int32Array.from({ length: count }, () => Math.floor(random.next() * below));

interface Case { readonly name: string; /** Floating-point operations of a call; 0 where the rate says nothing. */ readonly flops: number; readonly make: (kernels: Kernels) => () => void }

const tableOf = (kernels: Kernels, rows: number, width: number): ReturnType<Kernels['table']> => {
  const table = kernels.table('items', { rows, width });
  table.floats.set(floats(rows * table.stride));
  return table;
};

const dotCase = (name: string, rows: number, n: number): Case => ({
  name, flops: 2 * n * 64,
  make: (kernels) => {
    const dot = kernels.dot('dot', { table: tableOf(kernels, rows, 64), most: n });
    dot.query.floats.set(floats(64));
    dot.rows.integers.set(numbers(n, rows));
    return n === rows ? () => { dot.range(0, n); } : () => { dot.run(n); };
  },
});

const topCase = (n: number, most: number): Case => ({
  name: `top ${most} of ${n}`, flops: 0,
  make: (kernels) => {
    const dot = kernels.dot('dot', { table: kernels.table('items', { rows: 1, width: 1 }), most: n });
    dot.scores.floats.set(floats(n));
    const top = kernels.top('top', { of: dot.scores, most });
    return () => { top.run(n); };
  },
});

const mlpCase = (widths: readonly number[], n: number): Case => ({
  name: `perceptron ${widths.join('-')}, ${n} rows, relu`,
  flops: widths.slice(1).reduce((sum, width, i) => sum + 2 * n * width * (widths[i] ?? 0), 0),
  make: (kernels) => {
    const layers: ReturnType<Kernels['layer']>[] = [];
    widths.slice(1).forEach((outputs, i) => {
      const inputs = widths[i] ?? 0;
      const input = layers.at(-1)?.output;
      const layer = kernels.layer(`layer ${i}`, { inputs, outputs, activation: i + 2 < widths.length ? 'relu' : 'none', most: n, ...(input === undefined ? {} : { input }) });
      layer.load(floats(inputs * outputs, 0.2), floats(outputs));
      layers.push(layer);
    });
    layers[0]?.input.floats.set(floats(n * (widths[0] ?? 0)));
    return () => { for (const layer of layers) layer.run(n); };
  },
});

const headCase = (activation: 'relu' | 'silu', hidden: number): Case => {
  const [n, d, c, a] = [500, 64, 16, 8];
  return {
    name: `light head, ${n} candidates, d ${d}, c ${c}, hidden ${hidden} ${activation}, ${a} actions`,
    flops: 2 * n * ((d + c) * hidden + hidden * a),
    make: (kernels) => {
      const head = kernels.lightHead('head', { table: tableOf(kernels, 100_000, d), context: c, hidden, actions: a, activation, most: n });
      head.load({ state: floats(d * hidden, 0.1), product: floats(d * hidden, 0.1), item: floats(d * hidden, 0.1), context: floats(c * hidden, 0.1), bias: floats(hidden), out: floats(hidden * a, 0.1), outBias: floats(a) });
      head.rows.integers.set(numbers(n, 100_000));
      head.context.floats.set(floats(n * c));
      const state = floats(d);
      return () => { head.take(state); head.run(n); };
    },
  };
};

const logisticCase = (heads: number): Case => ({
  name: `logistic, 500 rows of ${FEATURES}, ${heads} heads`, flops: 2 * 500 * FEATURES * heads,
  make: (kernels) => {
    const logistic = kernels.logistic('logistic', { features: FEATURES, heads, most: 500 });
    logistic.load({ weights: floats(FEATURES * heads, 0.1), bias: floats(heads), values: floats(heads) });
    logistic.features.floats.set(floats(500 * FEATURES));
    return () => { logistic.run(500); };
  },
});

/** As the feed asks: rows copied in, half of them zeros. Its plain form is not the kernel's twin but a loop in the feed that passes over zeros. */
const secondPassCase = (heads: number): Case => ({
  name: `second pass, 500 rows, ${heads} heads`, flops: 2 * 500 * FEATURES * heads,
  make: (kernels) => {
    const model = { version: 'bench', featureSetHash: '', heads: Array.from({ length: heads }, (_, i) => ({ name: `head ${i}`, bias: 0, weights: [...floats(FEATURES, 0.1)] })) };
    const secondPass = createSecondPass(model, { scorer: createScorer(kernels), values: { version: 'bench', actions: Object.fromEntries(model.heads.map(({ name }) => [name, 1])) } });
    const features = floats(500 * FEATURES).map((value) => (random.next() < 0.5 ? 0 : value));
    const scores = new Float32Array(500);
    return () => { secondPass.score(features, 500, scores); };
  },
});

const CASES: readonly Case[] = [
  dotCase('dot, 500 of 100,000 rows by number, d 64', 100_000, 500),
  dotCase('dot, all 3,500 rows, d 64', 3500, 3500),
  dotCase('dot, all 100,000 rows, d 64 (25.6 MB)', 100_000, 100_000),
  topCase(500, 20), topCase(3500, 200), topCase(100_000, 200),
  mlpCase([48, 64, 32, 1], 500), mlpCase([256, 128], 500),
  headCase('relu', 64), headCase('silu', 64), headCase('relu', 128),
  logisticCase(1), logisticCase(5), secondPassCase(5),
];

const cpuUs = (): number => { const { user, system } = process.cpuUsage(); return user + system; };

/** CPU microseconds of a call, over a batch of calls. */
const timed = (call: () => void, calls: number): number => {
  const from = cpuUs();
  for (let i = 0; i < calls; i++) call();
  return (cpuUs() - from) / calls;
};

/** Calls that fill a batch, after a warm-up. */
const callsFor = (call: () => void): number => {
  timed(call, 20);
  const from = cpuUs();
  let calls = 0;
  while (cpuUs() - from < BATCH_MS * 1000) { call(); calls++; }
  return Math.max(1, calls);
};

process.stdout.write(`${machine()}\nCPU us a call, median (range) of ${ROUNDS} rounds\n`);
for (const { name, flops, make } of CASES) {
  const calls = (['wasm', 'plain'] as const).map((backend) => make(createKernels({ backend })));
  const counts = calls.map(callsFor);
  const times = calls.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) calls.forEach((call, i) => times[i]?.push(timed(call, counts[i] ?? 1)));
  const told = times.map((of) => `${median(of).toFixed(1)} (${Math.min(...of).toFixed(1)}-${Math.max(...of).toFixed(1)})`);
  const [wasm = Number.NaN, plain = Number.NaN] = times.map(median);
  process.stdout.write(`  ${name.padEnd(74)} wasm ${(told[0] ?? '').padEnd(24)} plain ${(told[1] ?? '').padEnd(28)} ratio ${(wasm / plain).toFixed(3)}${flops > 0 ? `, wasm ${(flops / wasm / 1000).toFixed(1)} GFLOP/s` : ''}\n`);
}
