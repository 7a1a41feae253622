import { describe, expect, test } from 'vitest';
import { createTrainingProgress } from '../../../src/cli/training-progress.ts';
import { manualClock } from '../../../src/core/clock.ts';
import type { TrainingEvent } from '../../../src/nn/loop.ts';

const ESCAPES = /\p{Cc}(?:\[[0-9;]*[A-Za-z])?/gu;
const batch = (epoch: number, number: number, elapsedMs: number): TrainingEvent =>
  ({ type: 'batch', epoch, batch: number, batches: 100, epochs: 4, loss: 3.21449, rate: 0.001, norm: 1, targetsPerSecond: 160_400, elapsedMs });
const epoch: TrainingEvent = { type: 'epoch', epoch: 1, loss: 3.2, metric: 0.1946, details: { 'hr@10': 0.33 }, elapsedMs: 9, best: true, partial: false };
const view = (options: { readonly isTTY: boolean; readonly quiet?: boolean }) => {
  const written: string[] = [];
  const clock = manualClock(0);
  const listen = createTrainingProgress({ stream: { isTTY: options.isTTY, columns: 120, write: (text: string) => written.push(text) }, clock, quiet: options.quiet ?? false, environment: { NO_COLOR: '1' } });
  return { written, clock, listen, last: () => written.at(-1)?.replace(ESCAPES, '') };
};

describe('the progress of training', () => {
  test('on a terminal is a bar with epoch, loss, rate and time left', () => {
    const { clock, listen, last } = view({ isTTY: true });
    listen({ type: 'start', epochs: 4, batches: 100, parameters: 5, epoch: 0, batch: 0, resumed: false });
    clock.advance(10_000);
    listen(batch(0, 99, 10_000));
    expect(last()).toMatch(/^Epoch 1 of 4 .* 25 % {2}100\/400, 10\/s, 30 s left, loss 3\.214, 160k targets\/s$/u);
  });
  test('of a run taken up again measures its speed from there', () => {
    const { clock, listen, last, written } = view({ isTTY: true });
    listen({ type: 'start', epochs: 4, batches: 100, parameters: 5, epoch: 2, batch: 50, resumed: true });
    expect(written[1]).toBe('Going on from epoch 3, batch 51\n');
    clock.advance(10_000);
    listen(batch(2, 99, 10_000));
    expect(last()).toMatch(/75 % {2}300\/400, 5\/s, 20 s left/u);
  });
  test('keeps a line of every epoch above the bar, and says how it ended', () => {
    const { listen, written, last } = view({ isTTY: true });
    listen({ type: 'start', epochs: 4, batches: 100, parameters: 5, epoch: 0, batch: 0, resumed: false });
    listen(epoch);
    expect(written).toContain('Epoch 2: loss 3.2000, metric 0.1946, the best so far, hr@10 0.3300\n');
    listen({ type: 'end', reason: 'patience', best: { epoch: 1, metric: 0.1946 }, elapsedMs: 9 });
    expect(last()).toMatch(/no longer better, best metric 0\.1946 after epoch 2 in/u);
  });
  test('elsewhere is JSON lines, of batches one in five seconds', () => {
    const { clock, listen, written } = view({ isTTY: false });
    for (let number = 0; number < 100; number++) { clock.advance(100); listen(batch(0, number, 0)); }
    listen(epoch);
    const events = written.map((line) => JSON.parse(line) as TrainingEvent);
    expect(events.map(({ type }) => type)).toEqual(['batch', 'batch', 'epoch']);
    expect(events[2]).toEqual(epoch);
  });
  test('is nothing when quiet', () => {
    const { listen, written } = view({ isTTY: true, quiet: true });
    listen(epoch);
    expect(written).toEqual([]);
  });
});
