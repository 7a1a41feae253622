import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveInProcess, temporaryFolder, type InProcess } from '../support/real-server.ts';
import { blocksOf } from './support/markdown.ts';
import { missingFrom, moduleOf, runBlock } from './support/run.ts';

const PAGES = ['README.md', 'docs/guides/embed.md', 'docs/guides/write-a-ranker.md', 'docs/guides/run-an-experiment.md'];

/** What the README's request is about; the guides bring their own. */
const SEED: Readonly<Record<string, readonly object[]>> = {
  'README.md': [
    { kind: 'member', id: '26', attributes: { name: 'Margaux Vasseur' } },
    { kind: 'member', id: '34', attributes: { name: 'Astrid Krogh', connections: ['member:26'] } },
    { kind: 'member', id: 'ana', attributes: { name: 'Ana' } },
    { kind: 'article', id: 'ha168', attributes: { title: 'When model calibration meets a tight budget', source: 'Open Methods', topics: ['Machine learning'] } },
  ],
};
const SEED_EVENTS: Readonly<Record<string, readonly object[]>> = {
  'README.md': [{ type: 'action', id: 's', member: 'member:26', item: 'article:ha168', action: 'share', at: new Date().toISOString() }],
};

for (const page of PAGES) {
  const blocks = blocksOf(readFileSync(page, 'utf8'));
  describe(`the snippets of ${page}`, () => {
    let server: InProcess;
    beforeAll(async () => {
      server = await serveInProcess();
      await server.platform.putEntities(SEED[page] ?? []);
      await server.platform.recordEvents(SEED_EVENTS[page] ?? [], { history: false });
    });
    afterAll(async () => { await server.close(); });

    test('are marked, so that these tests look at something', () => {
      expect(blocks.filter(({ marks }) => marks.includes('run')).length).toBeGreaterThan(0);
    });
    blocks.forEach((block, place) => {
      if (!block.marks.includes('run')) return;
      const next = blocks[place + 1];
      test(`line ${block.line} runs${next?.marks.includes('answer') === true || next?.marks.includes('output') === true ? ', and answers what the page shows' : ''}`, async () => {
        const output = await runBlock(block, server.url);
        if (next?.marks.includes('output') === true) expect(output).toBe(next.text);
        if (next?.marks.includes('answer') === true) {
          const actual = JSON.parse(output) as Readonly<Record<string, unknown>>;
          expect(actual).not.toHaveProperty('code');
          expect(missingFrom(actual, JSON.parse(next.text))).toEqual([]);
        }
      });
    });
  });
  // A contract suite is collected, not run inside a test.
  for (const { text } of blocks.filter(({ marks }) => marks.includes('suite'))) await import(moduleOf(text, ''));
}

test('the TypeScript of every page type-checks as strictly as the sources', () => {
  const files = PAGES.flatMap((page) => blocksOf(readFileSync(page, 'utf8')).filter(({ language, marks }) => language === 'ts' && marks.length > 0)).map(({ text }) => moduleOf(text, ''));
  const project = join(temporaryFolder(), 'tsconfig.json');
  const compilerOptions = { lib: ['ES2023', 'DOM'], rootDir: '/', typeRoots: [resolve('node_modules/@types')] };
  writeFileSync(project, JSON.stringify({ extends: resolve('tsconfig.json'), compilerOptions, files, include: [] }));
  const check = (): string => {
    try { return execFileSync(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', project], { encoding: 'utf8' }); } catch (error) { return String((error as { readonly stdout?: string }).stdout); }
  };
  expect(check()).toBe('');
}, 300_000);
