// @ts-check
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exists, filesUnder, fromRoot, inRoot } from './paths.mjs';
import { TOOLS, runNode } from './run.mjs';

/**
 * What one step of a check found.
 * @typedef {import('./counting-reporter.mjs').Counts} Outcome
 */

/** @param {string} what @param {{ code: number, output: string }} result @returns {Outcome} */
const fromTool = (what, { code, output }) => {
  if (code !== 0) process.stdout.write(`${what}\n${output.trim()}\n`);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [] };
};

/** @param {readonly Outcome[]} outcomes @returns {Outcome} */
export const sum = (outcomes) => ({
  passed: outcomes.reduce((total, one) => total + one.passed, 0),
  failed: outcomes.reduce((total, one) => total + one.failed, 0),
  skipped: outcomes.flatMap((one) => one.skipped),
});

/** Every TypeScript project of the repository; each counts as one test. */
export const types = async () => {
  const projects = ['tsconfig.json', 'tsconfig.scripts.json', 'src/client/tsconfig.json', 'web/tsconfig.json', 'test/browser/tsconfig.json'].filter((project) => exists(inRoot(project)));
  return sum(await Promise.all(projects.map(async (project) => fromTool(`tsc -p ${project}`, await runNode([TOOLS.tsc, '--noEmit', '-p', inRoot(project)])))));
};

export const lint = async () => fromTool('oxlint --type-aware', await runNode([TOOLS.oxlint, '--type-aware', '--deny-warnings']));

/** @param {string} project */
const hasTests = (project) => filesUnder(inRoot('test', project)).some((file) => file.endsWith('.test.ts'));

/**
 * Runs some vitest projects together. A project without a test file is a skip, not a silent success.
 * @param {readonly string[]} projects
 * @param {{ env?: NodeJS.ProcessEnv, node?: (args: readonly string[], options: { env: NodeJS.ProcessEnv, show: boolean }) => Promise<{ code: number, output: string }>, only?: readonly string[] }} [options]
 *   `node`: runs Node with these arguments, for another Node than this one; `only`: files or folders to keep to
 * @returns {Promise<Outcome>}
 */
export const vitest = async (projects, options = {}) => {
  const skipped = projects.filter((project) => !hasTests(project)).map((project) => ({ name: `test/${project}`, why: 'it holds no tests' }));
  const present = projects.filter(hasTests);
  if (present.length === 0) return { passed: 0, failed: 0, skipped };
  const folder = mkdtempSync(join(tmpdir(), 'throughline-counts-'));
  const file = join(folder, 'counts.json');
  const args = [TOOLS.vitest, 'run', ...present.flatMap((project) => ['--project', project]), '--reporter=default', `--reporter=${inRoot('scripts', 'lib', 'counting-reporter.mjs')}`, ...(options.only ?? [])];
  const { code } = await (options.node ?? runNode)(args, { env: { ...process.env, ...options.env, COUNTS_FILE: file }, show: true });
  /** @type {Outcome} */
  const counts = exists(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: 0, skipped: [] };
  rmSync(folder, { recursive: true, force: true });
  // An error outside any test, or a crash of vitest itself, fails no test but the run.
  const failed = code !== 0 && counts.failed === 0 ? 1 : counts.failed;
  return { ...counts, failed, skipped: [...skipped, ...counts.skipped] };
};

/**
 * Runs named steps in order, never stopping at a failure, and prints what came out. Resolves with the exit code.
 * @param {readonly { title: string, work: () => Promise<Outcome> }[]} steps
 * @param {{ skipped?: Outcome['skipped'], skipFails?: boolean }} [options]
 */
export const runSteps = async (steps, options = {}) => {
  const begun = Date.now();
  /** @type {Outcome[]} */
  const outcomes = [{ passed: 0, failed: 0, skipped: options.skipped ?? [] }];
  /** @type {string[]} */
  const lines = [];
  for (const { title, work } of steps) {
    process.stdout.write(`\n── ${title} ──\n`);
    const from = Date.now();
    const outcome = await work().catch((error) => {
      process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
      return { passed: 0, failed: 1, skipped: [] };
    });
    outcomes.push(outcome);
    const line = `${outcome.failed > 0 ? '✗' : '✓'} ${title}: ${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped.length} skipped, ${((Date.now() - from) / 1000).toFixed(1)} s`;
    lines.push(line);
    process.stdout.write(`${line}\n`);
  }
  const { passed, failed, skipped } = sum(outcomes);
  process.stdout.write(`\n${lines.join('\n')}\n`);
  process.stdout.write(skipped.length === 0 ? '\nSkipped: nothing.\n' : `\nSkipped:\n${skipped.map(({ name, why }) => `  ${name}: ${why}`).join('\n')}\n`);
  if (options.skipFails === true && skipped.length > 0) process.stdout.write('With CI=true a skip is a failure.\n');
  process.stdout.write(`\nIn ${((Date.now() - begun) / 1000).toFixed(0)} s:\n${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
  return failed > 0 || (options.skipFails === true && skipped.length > 0) ? 1 : 0;
};

/** The import map and the other rules of the house, which are unit tests. */
export const HOUSE = fromRoot(inRoot('test', 'unit', 'house'));
