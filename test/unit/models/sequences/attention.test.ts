import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../src/core/random.ts';
import { byDistance, distances } from '../../../../src/models/sequences/blocks.ts';
import { journeyModel, modelArena, readEvents, sasrecModel } from '../../../../src/models/sequences/model.ts';
import { createGraph } from '../../../../src/nn/graph.ts';
import { compile } from '../../../../src/nn/session.ts';
import { declareWeights } from '../../../../src/nn/weights.ts';

/** More than two parts of queries. */
const LENGTH = 230;
const ITEMS = 40;
const SIZES = { width: 8, blocks: 2, heads: 2, window: LENGTH, dropout: 0, temperature: 0.1 };
const VOCABULARY = { items: ITEMS, attributes: {}, time: false };

describe.each([sasrecModel(SIZES, VOCABULARY), journeyModel(SIZES, VOCABULARY)])('the decoder of $name', (model) => {
  const statesAfter = async (ids: Int32Array, length: number): Promise<Float32Array> => {
    const g = createGraph();
    const w = declareWeights(g);
    const session = await compile({ states: readEvents(model, { g, w, drop: (x) => x }, { batch: 2, length }).states });
    const arena = modelArena(model, seededRandom(3));
    arena.values.forEach((value, at) => { arena.values[at] = value + 0.2 * Math.sin(12.9898 * (at + 1)); });
    for (const { name } of w.specs) session.bind(name, arena.parameter(name).value);
    session.bind('ids', ids);
    await session.run();
    const states = Float32Array.from(session.outputs.states);
    await session.close();
    return states;
  };
  const idsOf = (length: number, last: number): Int32Array =>
    Int32Array.from({ length: 2 * length }, (_, at) => (at % length === length - 1 ? last : (7 * at + Math.floor(at / length)) % ITEMS));

  test('reads nothing of later events, to the last bit', async () => {
    const [one, other] = [await statesAfter(idsOf(LENGTH, 3), LENGTH), await statesAfter(idsOf(LENGTH, 4), LENGTH)];
    for (const row of [0, LENGTH]) {
      const [from, to] = [row * SIZES.width, (row + LENGTH - 1) * SIZES.width];
      expect(other.subarray(from, to)).toEqual(one.subarray(from, to));
      expect(other.subarray(to, to + SIZES.width)).not.toEqual(one.subarray(to, to + SIZES.width));
    }
  });

  test('gives the same states whether queries are multiplied in parts or at once', async () => {
    const SHORT = 150;
    const ids = idsOf(LENGTH, 3);
    const first = Int32Array.from({ length: 2 * SHORT }, (_, at) => ids[Math.floor(at / SHORT) * LENGTH + at % SHORT] ?? 0);
    const [long, short] = [await statesAfter(ids, LENGTH), await statesAfter(first, SHORT)];
    const rows = SHORT * SIZES.width;
    for (const batch of [0, 1]) {
      for (let at = 0; at < rows; at++) expect(Math.abs((short[batch * rows + at] ?? Number.NaN) - (long[batch * LENGTH * SIZES.width + at] ?? 0))).toBeLessThan(1e-4);
    }
  });
});

test('looks the numbers of a table up by how far a key lies behind a query', async () => {
  const g = createGraph();
  const session = await compile({ bias: byDistance(g, g.gather(g.input('table', [4, 2]), distances(g, 4))) });
  session.bind('table', Float32Array.of(0, 100, 1, 101, 2, 102, 3, 103));
  await session.run();
  for (let head = 0; head < 2; head++) {
    for (let i = 0; i < 4; i++) for (let j = 0; j <= i; j++) expect(session.outputs.bias[(head * 4 + i) * 4 + j]).toBe(head * 100 + i - j);
  }
});
