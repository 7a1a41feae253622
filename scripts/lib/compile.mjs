// @ts-check
import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exists, filesUnder, inRoot } from './paths.mjs';
import { withProgress } from './progress.mjs';
import { stamped } from './parts.mjs';
import { Stop, TOOLS, runNode, runNpm } from './run.mjs';

/** @typedef {import('./parts.mjs').Part} Part */
/** @typedef {{ check: boolean }} BuildOptions `check`: types too; without it only syntax is looked at, which is several times faster */

/** @param {string} what @param {{ code: number, output: string }} result */
const orStop = (what, result) => {
  if (result.code !== 0) throw new Stop(`${what} failed:\n${result.output.trim()}`);
};

/** @param {string} project @param {BuildOptions} options */
const tsc = async (project, options) => {
  const result = await runNode([TOOLS.tsc, '-p', inRoot(project), ...(options.check ? [] : ['--noCheck'])]);
  orStop(`Compiling ${project}`, result);
};

/** The source that an output came from, without its ending; undefined for what has none. @param {string} output path below dist/ */
const sourceOf = (output) => /\.(?:js|d\.ts)$/u.test(output) ? inRoot(output.startsWith('recipes/') ? '.' : 'src', output.replace(/\.(?:js|d\.ts)$/u, '')) : undefined;

/** Outputs whose source is gone would still be importable: they go too. */
const dropOrphans = () => {
  for (const output of filesUnder(inRoot('dist')).map((file) => file.slice(inRoot('dist').length + 1))) {
    const source = sourceOf(output);
    if (source !== undefined && !['.ts', '.tsx', '.js'].some((ending) => exists(`${source}${ending}`))) rmSync(inRoot('dist', output));
  }
};

/** The compiler carries only TypeScript over; data and WebAssembly beside it are copied as they are. */
const copyAssets = () => {
  for (const file of filesUnder(inRoot('src')).filter((name) => !/\.tsx?$|tsconfig\.json$/u.test(name))) {
    const to = join(inRoot('dist'), file.slice(inRoot('src').length));
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(file, to);
  }
};

/** @param {BuildOptions} options */
const buildServer = async (options) => {
  // A build record without its outputs would make the compiler believe that nothing is left to do.
  if (!exists(inRoot('dist', 'core'))) rmSync(inRoot('dist', '.tsbuildinfo'), { force: true });
  await tsc('tsconfig.build.json', options);
  // Recipes import types alone, so each compiles by itself; the main project looks at their types.
  await tsc('tsconfig.recipes.json', options);
  dropOrphans();
  copyAssets();
};

const buildWeb = async () => {
  const scripts = JSON.parse(readFileSync(inRoot('web', 'package.json'), 'utf8')).scripts ?? {};
  if (scripts.build !== undefined) return orStop('Building the web page', await runNpm(['run', 'build', '--workspace', 'web']));
  orStop('Building the web page', await runNode([TOOLS.vite, 'build', '--outDir', 'dist/client'], { cwd: inRoot('web') }));
  if (exists(inRoot('web', 'src', 'server.tsx'))) {
    orStop('Building the server side of the web page', await runNode([TOOLS.vite, 'build', '--ssr', 'src/server.tsx', '--outDir', 'dist/server'], { cwd: inRoot('web') }));
  }
};

/**
 * Builds some parts: the server beside client-then-web, because the page may read the compiled client.
 * @param {readonly Part[]} parts
 * @param {BuildOptions} options
 */
export const buildParts = async (parts, options) => {
  const part = (/** @type {Part['name']} */ name) => parts.find((one) => one.name === name);
  let done = 0;
  const step = async (/** @type {Part | undefined} */ one, /** @type {() => Promise<void>} */ work) => {
    if (one === undefined) return;
    await stamped(one, work);
    done += 1;
  };
  await withProgress(`Building ${parts.map((one) => one.name).join(', ')}`, async () => {
    const results = await Promise.allSettled([
      step(part('server'), () => buildServer(options)),
      (async () => {
        await step(part('client'), () => tsc('src/client', options));
        await step(part('web'), buildWeb);
      })(),
    ]);
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    if (failures.length > 0) throw failures.length === 1 ? failures[0] : new Stop(failures.map((error) => error.message).join('\n\n'));
  }, { measure: () => ({ done, of: parts.length }) });
};
