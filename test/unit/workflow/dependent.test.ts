import { expect, test } from 'vitest';
import { dependent, describeWorkflow, runOperator, type Operator, type Span } from '../../../src/workflow/workflow.ts';

type Work = string[];
const deadline = { elapsed: () => 0, deadlineMs: 1000 };

/** Writes down when it begins and when it is done; asked to wait it is done a turn of the event loop later. */
const step = (name: string, options: Partial<Operator<Work>> & { readonly waits?: boolean } = {}): Operator<Work> => {
  const { waits = false, ...rest } = options;
  return { name, about: name, run: (work) => { work.push(`${name} begins`); if (!waits) { work.push(`${name} done`); return undefined; } return new Promise((resolve) => { setImmediate(() => { work.push(`${name} done`); resolve(); }); }); }, ...rest };
};
const run = async (children: readonly Operator<Work>[]): Promise<{ readonly work: Work; readonly span: Span }> => {
  const work: Work = [];
  return { work, span: await runOperator(dependent({ name: 'all', about: 'all', children }), work, deadline) };
};

test('each begins as soon as those it waits for are done, and the others at once', async () => {
  const { work, span } = await run([step('fetch a', { waits: true }), step('transform a', { after: ['fetch a'] }), step('fetch b'), step('transform b', { after: ['fetch b'] })]);
  expect(work).toEqual(['fetch a begins', 'fetch b begins', 'fetch b done', 'transform b begins', 'transform b done', 'fetch a done', 'transform a begins', 'transform a done']);
  expect(span.children.map(({ operator, outcome }) => [operator, outcome])).toEqual([['fetch a', 'ok'], ['transform a', 'ok'], ['fetch b', 'ok'], ['transform b', 'ok']]);
});

test('where all are synchronous no promise is made', () => {
  const span = runOperator(dependent({ name: 'all', about: 'all', children: [step('a'), step('b', { after: ['a'] })] }), [], deadline);
  expect(span).not.toBeInstanceOf(Promise);
});

test('what fell back counts as done; what failed without a fallback fails the whole', async () => {
  const fails = (): never => { throw new Error('broken'); };
  const { work } = await run([step('a', { run: fails, fallback: { about: 'without', run: (it) => { it.push('a without'); } } }), step('b', { after: ['a'] })]);
  expect(work).toEqual(['a without', 'b begins', 'b done']);
  await expect(run([step('a', { waits: true }), step('b', { run: fails }), step('c', { after: ['a', 'b'] })])).rejects.toThrow('broken');
});

test('a dependency is printed, and one on what does not stand above is refused', () => {
  const children = [step('fetch'), step('transform', { after: ['fetch'] })];
  expect(describeWorkflow(dependent({ name: 'all', about: 'all', children })).at(-1)).toContain('[after fetch]');
  expect(() => dependent({ name: 'all', about: 'all', children: children.toReversed() })).toThrow('waits for "fetch", which does not stand above it');
});
