/** Does what a tutorial says: writes its file, checks it, starts a server with it, runs its requests, and compares what the page shows. */
import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import { PROGRAM, spawnServer, temporaryFolder, type Spawned } from '../../support/real-server.ts';
import { blocksOf, type Block } from './markdown.ts';
import { runBlock } from './run.ts';

export interface Walked {
  readonly server: Spawned;
  /** Of the plug-in: everything that was written. */
  readonly files: number;
  readonly lines: number;
  /** Milliseconds from the file being there to its cohort standing on a page. */
  readonly ms: number;
  /** What each request answered, in order. */
  readonly answers: readonly Readonly<Record<string, unknown>>[];
}

/** What the page shows of an answer must be so: of lists, whatever stands in them must be among those that were answered, in that order. */
const contains = (actual: unknown, shown: unknown): boolean => {
  if (Array.isArray(shown)) {
    let at = 0;
    return Array.isArray(actual) && shown.every((each) => { while (at < actual.length && !contains(actual[at], each)) at++; return at++ < actual.length; }) && (shown.length > 0 || actual.length === 0);
  }
  if (typeof shown !== 'object' || shown === null) return actual === shown;
  return typeof actual === 'object' && actual !== null && Object.entries(shown).every(([name, child]) => contains((actual as Readonly<Record<string, unknown>>)[name], child));
};

const runCheck = (folder: string, { text }: Block): string => {
  const [, file = ''] = /^npx throughline cohort check (\S+)\n$/u.exec(text) ?? [];
  const { stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'cohort', 'check', file], { cwd: folder, encoding: 'utf8' });
  return stdout + stderr;
};

/** @param page a guide. The server is the caller's to close */
export const walk = async (page: string): Promise<Walked> => {
  const blocks = blocksOf(readFileSync(page, 'utf8'));
  const folder = temporaryFolder();
  // Where it would be: in a project that has the packages it names.
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  const started = performance.now();
  const written = blocks.filter(({ marks }) => marks[0] === 'file');
  for (const { marks, text } of written) writeFileSync(join(folder, marks[1] ?? ''), text);
  const config = JSON.parse(blocks.find(({ marks }) => marks.includes('config'))?.text ?? '{}') as { readonly plugins: readonly string[] };
  let server: Spawned | undefined;
  let ms = 0;
  const answers: Readonly<Record<string, unknown>>[] = [];
  for (const [place, block] of blocks.entries()) {
    const next = blocks[place + 1];
    const shows = (mark: string): boolean => next?.marks.includes(mark) === true;
    if (block.marks.includes('check')) expect(runCheck(folder, block)).toBe(next?.text);
    if (!block.marks.includes('run')) continue;
    server ??= await spawnServer({ plugins: config.plugins.map((plugin) => join(folder, plugin)), config: { discovery: { deadlineMs: 20_000 } } });
    const output = await runBlock(block, server.url);
    if (shows('output')) expect(output).toBe(next?.text);
    if (!shows('answer')) continue;
    const answer = JSON.parse(output) as Readonly<Record<string, unknown>>;
    answers.push(answer);
    const shown: unknown = JSON.parse(next?.text ?? '');
    if (!contains(answer, shown)) expect(answer, `line ${block.line} of ${page}`).toMatchObject(shown as Record<string, unknown>);
    if (ms === 0 && 'cohorts' in answer) ms = performance.now() - started;
  }
  if (server === undefined) throw new Error(`${page} runs nothing`);
  return { server, files: written.length, lines: written.reduce((sum, { text }) => sum + text.trimEnd().split('\n').length, 0), ms, answers };
};

/** Fingerprint of everything that a tutorial must not touch, by git. */
export const untouched = (): string => spawnSync('git', ['status', '--porcelain', '--', 'src', 'web'], { encoding: 'utf8' }).stdout + spawnSync('git', ['diff', '--', 'src', 'web'], { encoding: 'utf8' }).stdout;
