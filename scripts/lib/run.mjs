// @ts-check
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { inRoot, root } from './paths.mjs';

/** A failure whose sentence is all a user needs; no stack is printed for it. */
export class Stop extends Error {}

/**
 * Runs a program without a shell, so that paths with spaces need no care.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean }} [options] `show`: its output goes to ours; otherwise it is kept and returned
 * @returns {Promise<{ code: number, output: string }>}
 */
export const run = (command, args, options = {}) =>
  new Promise((resolve) => {
    const child = spawn(command, [...args], {
      cwd: options.cwd ?? root,
      env: options.env ?? process.env,
      stdio: options.show === true ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout?.on('data', (/** @type {Buffer} */ chunk) => { output += chunk.toString(); });
    child.stderr?.on('data', (/** @type {Buffer} */ chunk) => { output += chunk.toString(); });
    child.once('error', (error) => { resolve({ code: 127, output: `${command}: ${error.message}` }); });
    child.once('close', (code, signal) => { resolve({ code: code ?? (signal === 'SIGINT' ? 130 : 1), output }); });
  });

/** @param {readonly string[]} args @param {Parameters<typeof run>[2]} [options] */
export const runNode = (args, options) => run(process.execPath, args, options);

/** @param {readonly string[]} args @param {Parameters<typeof run>[2]} [options] */
export const runNpm = (args, options) => {
  const own = process.env['npm_execpath'];
  return own?.endsWith('npm-cli.js') === true ? runNode([own, ...args], options) : run('npm', args, options);
};

/** The scripts behind the tools of node_modules, run with this very Node. */
export const TOOLS = {
  tsc: inRoot('node_modules', 'typescript', 'bin', 'tsc'),
  vite: inRoot('node_modules', 'vite', 'bin', 'vite.js'),
  vitest: inRoot('node_modules', 'vitest', 'vitest.mjs'),
  oxlint: inRoot('node_modules', 'oxlint', 'bin', 'oxlint'),
};

/**
 * The first of some program names that PATH holds.
 * @param {...string} names
 * @returns {string | undefined}
 */
export const onPath = (...names) => {
  for (const name of names) {
    for (const folder of (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        if (statSync(path).isFile()) return path;
      } catch { /* not in this folder: look in the next */ }
    }
  }
  return undefined;
};

/**
 * Runs a script's body; a Stop ends it with its sentence alone.
 * @param {() => Promise<number | void>} body resolves with the exit code
 */
export const runScript = async (body) => {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Stop ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  }
};
