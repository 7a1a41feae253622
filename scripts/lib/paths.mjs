// @ts-check
import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** @param {...string} parts */
export const inRoot = (...parts) => join(root, ...parts);

/** @param {string} path */
export const exists = (path) => statSync(path, { throwIfNoEntry: false }) !== undefined;

/** Folders that hold what was made, never what was written. */
const MADE = new Set(['node_modules', 'dist', 'dist-bench', 'coverage', '.git', '.throughline']);

/**
 * Every file below a folder (or the file itself), as absolute paths in a stable order.
 * @param {string} path
 * @returns {string[]}
 */
export const filesUnder = (path) => {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (found.isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !MADE.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(join(path, entry.name)) : [join(path, entry.name)]));
};

/** @param {string} path */
export const fromRoot = (path) => relative(root, path).split('\\').join('/');
