import { expect, it } from 'vitest';
import { createKernels, type Backend } from '../../../../src/kernels/kernels.ts';
import { createItemVectors } from '../../../../src/models/journey/item-vectors.ts';
import { CONTENT_WIDTH } from '../../../../src/models/sequences/content.ts';
import { madeArtefact, madeData, madeModel, SMALL } from './made.ts';

const data = madeData({ members: 3, items: 23, events: 12 });
const artefact = madeArtefact(madeModel(data));
// Rows that share slots where five are kept, some of them twice, and items without a row among them.
const ROWS = [0, 5, 10, -1, 0, 15, -1, 1, 6, 5, -1];

it.each<Backend>(['wasm', 'plain'])('what is found in one turn stands beside the rest of that turn, however few vectors are kept (%s)', (backend) => {
  const [many, few] = [createItemVectors(artefact, createKernels({ backend })), createItemVectors(artefact, createKernels({ backend }), 5)];
  const vectorAt = ({ table }: typeof many, row: number): readonly number[] => [...table.floats.subarray(row * table.stride, row * table.stride + SMALL.width)];
  for (const first of [0, 3]) {
    few.begin();
    const found = ROWS.map((row, i) => few.find(row, data.content.features, (first + i) * CONTENT_WIDTH));
    const alone = ROWS.map((row, i) => {
      many.begin();
      return vectorAt(many, many.find(row, data.content.features, (first + i) * CONTENT_WIDTH));
    });
    expect(found.map((row) => vectorAt(few, row))).toEqual(alone);
    expect(new Set(alone.map(String)).size).toBe(ROWS.length);
  }
});
