import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/core/random.ts';
import { createEncoder } from '../../../../src/models/sequences/encoder.ts';
import type { SequenceData } from '../../../../src/models/sequences/data.ts';
import { modelArena, sasrecModel, type SequenceModel } from '../../../../src/models/sequences/model.ts';
import { vocabularyOf } from '../../../../src/models/sequences/vocabulary.ts';
import type { Arena } from '../../../../src/nn/arena.ts';
import { madeData, madeModel, SMALL } from '../journey/made.ts';

const data = madeData({ members: 4, items: 17, events: 12 });
const { width } = SMALL;
const journey = madeModel(data);
const plain = sasrecModel(SMALL, vocabularyOf(data));

const encode = async ({ model, arena }: { readonly model: SequenceModel; readonly arena: Arena }, of: SequenceData, asked: { readonly members: readonly number[]; readonly ends: readonly number[] }): Promise<Float32Array> => {
  const encoder = createEncoder(model, arena, model.name === 'journey' ? { ...journey.facts, content: of.content } : {});
  const out = new Float32Array(asked.members.length * width);
  const seconds = Float64Array.from(asked.ends, (end) => (of.seconds?.[end - 1] ?? 0) + 5000);
  await encoder.encode(of, { members: Int32Array.from(asked.members), ends: Int32Array.from(asked.ends), seconds }, out);
  await encoder.close();
  return out;
};
const farthest = (a: Float32Array, b: Float32Array): number => a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);

const models: readonly (readonly [string, { readonly model: SequenceModel; readonly arena: Arena }])[] = [['the journey model', journey], ['SASRec', { model: plain, arena: modelArena(plain, seededRandom(2)) }]];

describe.each(models)('%s', (_, model) => {
  it('reads the same state whatever its row is padded to and whoever shares its batch', async () => {
    // Alone, three events stand in a row of four; beside a history of twelve, several graphs and rows are in use.
    const alone = await encode(model, data, { members: [1], ends: [15] });
    const together = await encode(model, data, { members: [0, 1, 2, 1], ends: [12, 15, 36, 24] });
    expect(farthest(together.subarray(width, 2 * width), alone)).toBeLessThan(1e-5);
  });

  it('reads no event after the one it is asked at', async () => {
    const before = await encode(model, data, { members: [1], ends: [17] });
    const item = data.item.slice();
    const [action, dwell, seconds] = [data.action.slice(), data.dwell.slice(), data.seconds.slice()];
    for (let event = 17; event < 24; event++) { item[event] = 3; action[event] = 1; dwell[event] = 1; seconds[event] = (seconds[event] ?? 0) + 99_999; }
    const after = await encode(model, { ...data, item, action, dwell, seconds }, { members: [1], ends: [17] });
    expect([...after]).toEqual([...before]);
    // And it does read the one before.
    item[16] = (data.item[16] ?? 0) === 3 ? 4 : 3;
    expect(farthest(await encode(model, { ...data, item }, { members: [1], ends: [17] }), before)).toBeGreaterThan(1e-3);
  });
});
