import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/core/random.ts';
import { journeyModel, sasrecModel, type ModelSizes, type SequenceModel } from '../../../../src/models/sequences/model.ts';
import { createSequenceTask, type TaskOptions } from '../../../../src/models/sequences/task.ts';
import { vocabularyOf } from '../../../../src/models/sequences/vocabulary.ts';
import { below, madeData, madeSplit, SMALL } from '../journey/made.ts';

const STEP = 1e-2;
/** Numbers that are moved in each parameter: those with the largest gradients, and some others. */
const LARGEST = 4;
const OTHERS = 4;

const data = madeData({ members: 5, items: 13, events: 9 });
const split = madeSplit(data);

/** Largest |difference − gradient| of each parameter relative to its largest gradient, through the loss of one whole step. */
const differences = async (model: SequenceModel, targeting: Pick<TaskOptions, 'negatives' | 'aheadPercent'>): Promise<Readonly<Record<string, number>>> => {
  const targets = Uint8Array.from(data.item, (_, event) => Number(event % 4 !== 0));
  const task = createSequenceTask(model, { data, split }, { seed: 3, batch: 5, tokens: 64, targets, ...targeting });
  const random = seededRandom(9);
  for (const { name, value } of task.arena.parameters) for (let i = 0; i < value.length; i++) value[i] = (name.endsWith('/gain') ? 1 : 0) + (random.next() - 0.5) * 0.6;
  // Every unit is wholly on or wholly off: at the kink of a ReLU a difference is no gradient.
  for (const { name, value } of task.arena.parameters) if (name.endsWith('/inner/bias')) for (let i = 0; i < value.length; i++) value[i] = i % 3 === 0 ? -8 : 8;
  const lossNow = async (): Promise<number> => {
    task.arena.clearGradients();
    const { loss, targets: count } = await task.step(0, 0);
    return loss / count;
  };
  await lossNow();
  const worst: Record<string, number> = {};
  const found = task.arena.parameters.map((parameter) => {
    if (!parameter.sparse) return { parameter, gradient: Float32Array.from(parameter.gradient) };
    const gradient = new Float32Array(parameter.value.length);
    const { rows, values } = parameter.touched();
    const width = parameter.value.length / (parameter.shape[0] ?? 1);
    rows.forEach((row, at) => { gradient.set(values.subarray(at * width, (at + 1) * width), row * width); });
    return { parameter, gradient };
  });
  // Rounding of the loss to float32 is a difference of some 3e-5, beside which a parameter that hardly matters has no gradient to compare.
  const floor = 0.01 * found.reduce((most, { gradient }) => gradient.reduce((largest, each) => Math.max(largest, Math.abs(each)), most), 0);
  for (const { parameter: { name, value }, gradient } of found) {
    const order = Array.from(gradient.keys()).sort((a, b) => Math.abs(gradient[b] ?? 0) - Math.abs(gradient[a] ?? 0));
    const moved = new Set([...order.slice(0, LARGEST), ...Array.from({ length: OTHERS }, () => below(random, value.length))]);
    const scale = Math.max(floor, Math.abs(gradient[order[0] ?? 0] ?? 0));
    for (const at of moved) {
      const before = value[at] ?? 0;
      value[at] = before + STEP;
      const above = await lossNow();
      value[at] = before - STEP;
      const under = await lossNow();
      value[at] = before;
      worst[name] = Math.max(worst[name] ?? 0, Math.abs((above - under) / (2 * STEP) - (gradient[at] ?? 0)) / scale);
    }
  }
  await task.close();
  return worst;
};

const sizes: ModelSizes = { ...SMALL, temperature: 0.5 };

describe('the gradients of a step', () => {
  it.each([
    ['SASRec against the whole catalogue', sasrecModel(sizes, vocabularyOf(data)), { negatives: 13 }],
    ['SASRec against sampled negatives', sasrecModel(sizes, vocabularyOf(data)), { negatives: 6 }],
    ['the journey model with content, surface, action, dwell, pauses and time, against the whole catalogue', journeyModel(sizes, vocabularyOf(data, { pauses: true })), { negatives: 13 }],
    ['the journey model against sampled negatives, where half of the events are followed by the one after their next', journeyModel(sizes, vocabularyOf(data, { pauses: true })), { negatives: 6, aheadPercent: 50 }],
  ])('are those of finite differences: %s', async (_, model, targeting) => {
    const worst = await differences(model, targeting);
    const named = Object.keys(worst);
    expect(named).toContain('items');
    if (model.vocabulary.time) expect(named).toEqual(expect.arrayContaining(['content', 'content/projection/weight', 'event/surface', 'event/action', 'event/dwell', 'event/pause', 'block0/gap', 'block1/distance']));
    for (const [name, difference] of Object.entries(worst)) expect(difference, name).toBeLessThan(0.03);
  });
});
