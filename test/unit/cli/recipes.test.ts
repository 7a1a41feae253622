import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createRecipeProgress } from '../../../src/cli/recipe-progress.ts';
import { loadRecipe, readRecipe, recipeNames } from '../../../src/cli/recipes.ts';
import { manualClock } from '../../../src/core/clock.ts';
import type { Recipe } from '../../../src/models/sequences/recipe.ts';
import type { RunEvent } from '../../../src/models/sequences/run.ts';
import { read } from '../house/repository.ts';

const folderWith = (files: Readonly<Record<string, string | Buffer>>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-recipes-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
};

describe.each(recipeNames())('the recipe %s', (name) => {
  test('is whole: its file, where it is offered, and figures between 0 and 1 under a protocol and a source', async () => {
    const recipe = await loadRecipe(name);
    expect(recipe.name).toBe(name);
    expect(recipe.command).toContain(`throughline recipe ${name}`);
    expect(recipe.data.sha256.every((hash) => /^[0-9a-f]{64}$/u.test(hash)) && recipe.data.sha256.length > 0).toBe(true);
    expect(recipe.data.offeredAt).toMatch(/^https:\/\//u);
    expect(recipe.splits).toContain('leave-one-out');
    for (const { protocol, figures, comparesWith } of recipe.published) {
      expect(protocol).not.toBe('');
      if (comparesWith !== undefined) expect(recipe.splits).toContain(comparesWith);
      for (const one of figures) expect([one['hr@10'] > one['ndcg@10'], one['ndcg@10'] > 0, one['hr@10'] < 1, one.source !== '']).toEqual([true, true, true, true]);
    }
  });

  test('imports types alone, so that it compiles alone', () => {
    expect(read(`recipes/${name}.ts`).split('\n').filter((line) => /\bimport\b/u.test(line) && !line.startsWith('import type '))).toEqual([]);
  });
});

test('there are recipes for the sets that the published tables are about', () => {
  expect(recipeNames()).toEqual(expect.arrayContaining(['ml-1m', 'amazon-beauty', 'amazon-toys', 'retailrocket']));
});

test('an unknown recipe is answered with those that there are', async () => {
  await expect(loadRecipe('../../package')).rejects.toMatchObject({ code: 'client/notFound', message: expect.stringContaining('ml-1m') });
});

describe('the file of a recipe', () => {
  const content = 'u1 a\nu1 b\nu1 c\nu2 c\n';
  const small = async (): Promise<Recipe> => {
    const recipe = await loadRecipe('ml-1m');
    return { ...recipe, data: { ...recipe.data, files: ['small.txt', 'other.txt'], sha256: [createHash('sha256').update(content).digest('hex')] } };
  };

  test.each<readonly [string, Readonly<Record<string, string | Buffer>>, string]>([
    ['by its name in the folder', { 'small.txt': content }, ''],
    ['packed', { 'other.txt.gz': gzipSync(content) }, ''],
    ['one folder further down', { 'sets/small.txt': content }, ''],
    ['beside another of the same name', { 'a/small.txt': 'u1 z\nu1 y\n', 'b/small.txt': content }, ''],
    ['itself, under any name', { 'renamed.dat': content }, 'renamed.dat'],
  ])('is found %s', async (_, files, inside) => {
    const { data } = await readRecipe(await small(), join(folderWith(files), inside));
    expect([data.members, data.items]).toEqual([2, 3]);
  });

  test('that is not there is said to be offered by its publisher', async () => {
    for (const place of [folderWith({ 'unrelated.txt': content }), '/nowhere/at-all']) {
      await expect(readRecipe(await small(), place)).rejects.toMatchObject({ code: 'client/notFound', message: expect.stringMatching(/it is offered at https:\/\/.*recipe ml-1m --data/u) });
    }
  });

  test('with another content is refused, with the way to run it all the same', async () => {
    const folder = folderWith({ 'small.txt': 'u1 z\nu1 y\n' });
    await expect(readRecipe(await small(), folder)).rejects.toMatchObject({ code: 'client/invalidData', where: { file: join(folder, 'small.txt') }, message: expect.stringContaining(`recipe sequences --file ${join(folder, 'small.txt')}`) });
  });
});

describe('the progress of a recipe', () => {
  const about = { split: 'leave-one-out', model: 'journey', seed: 1 };
  const batch = (n: number): RunEvent => ({ type: 'progress', ...about, event: { type: 'batch', epoch: 2, batch: n, batches: 10, loss: 3.25 } });
  const told = (isTTY: boolean, quiet = false): { readonly written: string[]; readonly tell: (event: RunEvent) => void; readonly clock: ReturnType<typeof manualClock> } => {
    const written: string[] = [];
    const clock = manualClock(0);
    return { written, clock, tell: createRecipeProgress({ quiet, clock, stream: { isTTY, columns: 100, write: (text: string) => written.push(text) } }) };
  };

  test('is lines of JSON where nobody looks, and a batch only now and then', () => {
    const { written, tell, clock } = told(false);
    tell({ type: 'fit', ...about });
    for (let n = 1; n <= 10; n++) { clock.advance(1000); tell(batch(n)); }
    expect(written.map((line) => JSON.parse(line) as RunEvent).map(({ type }) => type)).toEqual(['fit', 'progress', 'progress']);
  });

  test('is a bar with the loss on a terminal', () => {
    const { written, tell, clock } = told(true);
    tell(batch(1));
    clock.advance(2000);
    tell(batch(5));
    expect(written.at(-1)).toMatch(/journey, epoch 2, loss 3\.250.*50 %.*left/u);
  });

  test('is nothing under --json', () => {
    const { written, tell } = told(true, true);
    tell(batch(1));
    expect(written).toEqual([]);
  });
});
