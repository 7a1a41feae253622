// @ts-check
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { exists, filesUnder, fromRoot, inRoot } from './paths.mjs';

/**
 * What is built, from what. A part whose `needs` is absent does not exist (a published package carries only what was built).
 * @typedef {{ name: 'server' | 'client' | 'web', needs: string, sources: readonly string[], stamp: string }} Part
 */

/** @type {readonly Part[]} */
export const PARTS = [
  { name: 'server', needs: 'src', sources: ['src', 'recipes', 'tsconfig.json', 'tsconfig.build.json', 'tsconfig.recipes.json'], stamp: 'dist/.built-server' },
  { name: 'client', needs: 'src/client/tsconfig.json', sources: ['src/client', 'tsconfig.json'], stamp: 'dist/.built-client' },
  { name: 'web', needs: 'web/vite.config.ts', sources: ['web', 'src/client'], stamp: 'web/dist/.built' },
];

/**
 * Names, sizes and times of a part's sources. Any change counts, older times included, so no clock is trusted.
 * @param {Part} part
 */
export const fingerprint = (part) => {
  const hash = createHash('sha1');
  for (const source of part.sources) {
    for (const file of filesUnder(inRoot(source))) {
      const found = statSync(file, { throwIfNoEntry: false });
      hash.update(`${fromRoot(file)}\0${found?.size ?? -1}\0${found?.mtimeMs ?? -1}\n`);
    }
  }
  return hash.digest('hex');
};

/** @param {Part} part */
const isStale = (part) => {
  const stamp = inRoot(part.stamp);
  return !exists(stamp) || readFileSync(stamp, 'utf8') !== fingerprint(part);
};

/** @returns {Part[]} */
export const staleParts = () => PARTS.filter((part) => exists(inRoot(part.needs)) && isStale(part));

/**
 * Builds one part; its stamp is written only after success, with the fingerprint taken before, so an edit made meanwhile is built next time.
 * @param {Part} part
 * @param {() => Promise<void>} work
 */
export const stamped = async (part, work) => {
  const before = fingerprint(part);
  rmSync(inRoot(part.stamp), { force: true });
  await work();
  mkdirSync(dirname(inRoot(part.stamp)), { recursive: true });
  writeFileSync(inRoot(part.stamp), before);
};
