import { describe, expect, it } from 'vitest';
import { ACTIONS } from '../../../../src/core/registry.ts';
import { createExampleBuffer } from '../../../../src/models/example-buffer.ts';
import { FEATURES } from '../../../../src/models/features.ts';
import { headTask, worth, type HeadTask } from '../../../../src/models/journey/head-task.ts';
import type { RankingExamples } from '../../../../src/models/sequences/ranking-examples.ts';

const bit = (name: string): number => 1 << ACTIONS.findIndex((action) => action.name === name);
const [LIKE, HIDE, DWELL] = [bit('like'), bit('hide'), bit('dwell')];
const MOMENT = 1000;

/** One page in each second, the rows' bits in order of their places. */
const task = (pages: readonly { readonly second: number; readonly bits: readonly number[] }[], source: RankingExamples['source'] = 'impressions'): HeadTask | undefined => {
  const rows = createExampleBuffer(FEATURES);
  for (const { second, bits } of pages) {
    for (const each of bits) rows.push(new Float32Array(FEATURES), 0, { bits: each, at: second * 1000, member: 0, position: 1 });
    rows.endQuery();
  }
  return headTask({ rows, ends: new Int32Array(rows.count), source }, MOMENT);
};
const pages = (count: number, bits: readonly number[]) => Array.from({ length: count }, (_, i) => ({ second: MOMENT + i, bits }));

describe('what heads are fitted to', () => {
  it('is requests from a moment on with something to choose from, in order of time', () => {
    const found = task([{ second: MOMENT - 1, bits: [LIKE, 0] }, { second: MOMENT + 500, bits: [0, 0, LIKE] }, { second: MOMENT, bits: [LIKE] }, ...pages(60, [LIKE, 0])]);
    expect([...found?.queries ?? []].slice(-3)).toEqual([118, 120, 123]);
    expect([...found?.rowOf.slice(-3) ?? []]).toEqual([2, 3, 4]);
    expect([...found?.requestOf.slice(-4) ?? []]).toEqual([59, 60, 60, 60]);
    expect([...found?.gains.slice(-3) ?? []]).toEqual([0, 0, 1]);
  });

  it('has a logit for any positive action and one for each action that occurs often enough, and gains where something positive came', () => {
    const found = task([{ second: MOMENT, bits: [bit('share'), 0] }, ...pages(60, [LIKE | HIDE, HIDE, DWELL, 0])]);
    expect(found?.actions.map(({ name, sign }) => [name, sign])).toEqual([['answer', 1], ['like', 0], ['hide', -1], ['dwell', 0]]);
    const from = found?.queries[60] ?? 0;
    expect([...found?.labels.slice(from * 4) ?? []]).toEqual([1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
    expect([...found?.gains.slice(from) ?? []]).toEqual([1, 0, 0, 0]);
  });

  it('of touches is one logit, whatever the action was', () => {
    const found = task(pages(100, [1, 0]), 'touches');
    expect(found?.actions).toEqual([{ name: 'touch', bit: 1, sign: 1 }]);
    expect(Object.values(found?.parts ?? {}).map((part: readonly number[]) => [part.length, part[0]])).toEqual([[60, 0], [20, 60], [20, 80]]);
  });

  it('is nothing where there are too few requests, or nobody did anything', () => {
    expect(task(pages(59, [LIKE, 0]))).toBeUndefined();
    expect(task(pages(100, [0, 0]))).toBeUndefined();
  });
});

describe('the worth of logits', () => {
  const actions = [{ name: 'like', bit: LIKE, sign: 1 }, { name: 'hide', bit: HIDE, sign: -1 }];
  it('is what speaks for a candidate less what speaks against it', () => {
    expect(worth(actions, Float32Array.of(0, 0, 2, -2), 0)).toBe(0);
    expect(worth(actions, Float32Array.of(0, 0, 2, -2), 1)).toBeCloseTo(0.8808 - 0.1192, 4);
  });
  it('of one action is its logit', () => {
    expect(worth(actions.slice(0, 1), Float32Array.of(-3, 5), 1)).toBe(5);
  });
});
