import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { createTaste } from '../../../src/journey/taste.ts';
import { attachSpace } from '../../../src/memory/space.ts';
import type { StoredHeads } from '../../../src/models/journey/artefact.ts';
import { FEATURES } from '../../../src/models/features.ts';
import { LIGHT_HIDDEN } from '../../../src/models/journey/inputs.ts';
import { LIGHT_CONTEXT, openLight, TOUCH } from '../../../src/models/journey/light.ts';
import { openServedTaste, packLight } from '../../../src/platform/served-taste.ts';

const WIDTH = 8;
const SIZE = 20;

const heads = (seed: number, context: readonly string[] = LIGHT_CONTEXT, actions: readonly string[] = [TOUCH]): StoredHeads => {
  const shapes: readonly (readonly [string, readonly number[]])[] = [
    ['light/head/inner/weight', [3 * WIDTH + context.length, LIGHT_HIDDEN]], ['light/head/inner/bias', [LIGHT_HIDDEN]], ['light/head/outer/weight', [LIGHT_HIDDEN, actions.length]], ['light/head/outer/bias', [actions.length]], ['light/scale', [2, context.length]],
  ];
  let offset = 0;
  const layout = shapes.map(([name, shape]) => {
    const entry = { name, shape, offset };
    offset += shape.reduce((product, length) => product * length, 1);
    return entry;
  });
  const random = seededRandom(seed);
  return { actions, context, hidden: LIGHT_HIDDEN, layout, values: Float32Array.from({ length: offset }, () => random.next() - 0.5) };
};

const asked = () => {
  const random = seededRandom(3);
  const features = Float32Array.from({ length: SIZE * FEATURES }, () => random.next());
  return { size: SIZE, item: Int32Array.from({ length: SIZE }, (_, i) => i), features, stride: FEATURES, state: Float32Array.from({ length: WIDTH }, () => random.next()) };
};
const columnOf = (head: { run(what: ReturnType<typeof asked>, out: Float32Array, column: number): void }): number[] => {
  const what = asked();
  head.run(what, what.features, FEATURES - 1);
  return Array.from({ length: SIZE }, (_, c) => what.features[c * FEATURES + FEATURES - 1] ?? 0);
};

test('a light head reads the same in every thread as where it was packed, and another comes with another model', () => {
  const vectors = Float32Array.from({ length: SIZE * WIDTH }, (_, i) => Math.sin(i));
  const writer = createTaste();
  const reader = openServedTaste(attachSpace(writer.space.share()));
  expect(reader.head).toBeUndefined();
  for (const seed of [1, 2]) {
    writer.replace({ model: `model-${seed}`, width: WIDTH, vectors, light: packLight(heads(seed)) });
    reader.refresh();
    const direct = openLight(heads(seed), WIDTH, () => vectors);
    const served = reader.head;
    if (served === undefined) throw new Error('the head was not served');
    expect(columnOf(served)).toEqual(columnOf(direct));
    expect(reader.model).toBe(`model-${seed}`);
    direct.release();
  }
  writer.replace({ model: 'model-3', width: WIDTH, vectors, light: packLight(undefined) });
  reader.refresh();
  expect(reader.head).toBeUndefined();
});

test('a head that reads other features than this version computes is left unused', () => {
  expect(packLight(heads(1, LIGHT_CONTEXT.slice(1))).length).toBe(0);
});

test('a head that was fitted to impressions takes the place of one fitted to touches, and says nothing', () => {
  const writer = createTaste();
  const reader = openServedTaste(attachSpace(writer.space.share()));
  const serve = (model: string, actions: readonly string[]): void => {
    writer.replace({ model, width: WIDTH, vectors: new Float32Array(SIZE * WIDTH), light: packLight(heads(1, LIGHT_CONTEXT, actions)) });
    reader.refresh();
  };
  serve('from-touches', [TOUCH]);
  expect(reader.head).toBeDefined();
  serve('from-impressions', ['click', 'like', 'hide']);
  expect([reader.model, reader.head]).toEqual(['from-impressions', undefined]);
  serve('from-one-action', ['click']);
  expect(reader.head).toBeUndefined();
});
