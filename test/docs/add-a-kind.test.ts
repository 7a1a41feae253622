import { expect, test } from 'vitest';
import { untouched, walk } from './support/tutorial.ts';

test('the tutorial adds a kind with one file: its entities are held to its schema, shown, acted on, and nothing in src or web is written', async () => {
  const before = untouched();
  const { server, files, answers } = await walk('docs/guides/add-a-kind.md');
  expect(untouched()).toBe(before);
  expect(files).toBe(1);
  const [, page] = answers as unknown as readonly [unknown, { readonly cohorts: readonly { readonly items: readonly { readonly item: string }[] }[] }];
  // What the charts know and the store does not stands nowhere.
  expect(page.cohorts.flatMap(({ items }) => items.map(({ item }) => item))).toEqual(['podcast:night-shift', 'podcast:first-hundred-days']);
  await server.close();
});
