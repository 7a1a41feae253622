import { expect, test } from 'vitest';
import { runTraining } from '../../../src/nn/child.ts';
import type { TrainingEvent } from '../../../src/nn/loop.ts';

const moduleOf = (source: string): string => `data:text/javascript,${encodeURIComponent(`export const runTrainingModule = ${source};`)}`;

// In a process of its own, from compiled files: test/cli/training-faults.test.ts.
test('from sources, training runs in this process with the same events, result and errors', async () => {
  const events: TrainingEvent[] = [];
  const stop = new AbortController();
  stop.abort();
  const module = moduleOf('async (options, { signal, clock, onEvent }) => { onEvent({ type: "note", text: "here" }); return { twice: options.value * 2, aborted: signal.aborted, timed: clock.now() > 0, pid: process.pid }; }');
  expect(await runTraining({ module, options: { value: 21 }, signal: stop.signal, onEvent: (event) => { events.push(event); } })).toEqual({ twice: 42, aborted: true, timed: true, pid: process.pid });
  expect(events).toEqual([{ type: 'note', text: 'here' }]);
  expect(await runTraining({ module, options: { value: 1 } })).toMatchObject({ twice: 2, aborted: false });
  await expect(runTraining({ module: moduleOf('() => Promise.reject(new Error("no data"))'), options: {} })).rejects.toThrow('no data');
});
