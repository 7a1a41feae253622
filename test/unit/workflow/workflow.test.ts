import { expect, test } from 'vitest';
import { dependent, parallel, runOperator, sequence, type Operator } from '../../../src/workflow/workflow.ts';

interface Work { readonly done: string[] }

/** Time that passes where an operator says so, and in timers. */
const machine = (): { readonly elapsed: () => number; readonly takes: (ms: number) => Operator<Work> } => {
  let now = 0;
  return { elapsed: () => now, takes: (ms) => ({ name: `takes ${ms}`, about: '', run: () => { now += ms; } }) };
};

const hangs: Operator<Work> = { name: 'hangs', about: '', timeoutMs: 2000, fallback: { about: 'without it', run: ({ done }) => { done.push('without it'); } }, run: () => new Promise(() => undefined) };

test.each([['parallel', parallel], ['dependent', dependent]] as const)('one of many in %s that hangs beyond the deadline costs itself alone, however long the others took', async (_name, atOnce) => {
  const { elapsed, takes } = machine();
  const work: Work = { done: [] };
  const workflow = sequence<Work>({
    name: 'request', about: '',
    // Whatever comes behind the one that hangs leaves less time to those around it than it has itself.
    children: [atOnce<Work>({ name: 'at once', about: '', children: [hangs, takes(20)] }), { name: 'page', about: '', run: ({ done }) => { done.push('page'); } }],
  });
  const span = await runOperator(workflow, work, { elapsed, deadlineMs: 40 });
  expect(work.done).toEqual(['without it', 'page']);
  expect(span.children[0]?.children.map(({ operator, outcome, error }) => [operator, outcome, error])).toEqual([['hangs', 'fallback', 'plugin/timeout'], ['takes 20', 'ok', undefined]]);
});
