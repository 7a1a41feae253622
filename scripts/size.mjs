// @ts-check
// npm run size: files and lines per folder, and what the browser must fetch, against their budgets.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { exists, filesUnder, fromRoot, inRoot } from './lib/paths.mjs';
import { runScript } from './lib/run.mjs';

const MOST_LINES = 400;
const KB = 1000;
const CODE = /\.(?:ts|tsx|mjs|js|css)$/u;

/** @param {string} file */
const linesOf = (file) => readFileSync(file, 'utf8').trimEnd().split('\n').length;

/** @param {readonly number[]} sorted */
const median = (sorted) => sorted[Math.floor(sorted.length / 2)] ?? 0;

/** `src/feed/rerankers/cap.ts` → `src/feed`; files directly in src/, web/ or test/ count under that folder. @param {string} path */
const folderOf = (path) => {
  const parts = path.split('/').slice(0, -1);
  return parts.slice(0, ['src', 'web', 'test'].includes(parts[0] ?? '') ? 2 : 1).join('/');
};

const folderTable = () => {
  const files = ['src', 'web', 'bin', 'scripts', 'test', 'bench', 'examples', 'recipes'].flatMap((folder) => filesUnder(inRoot(folder))).filter((file) => CODE.test(file));
  /** @type {Map<string, { path: string, lines: number }[]>} */
  const folders = new Map();
  for (const file of files) {
    const path = fromRoot(file);
    folders.set(folderOf(path), [...folders.get(folderOf(path)) ?? [], { path, lines: linesOf(file) }]);
  }
  const row = (/** @type {string} */ name, /** @type {{ lines: number }[]} */ measured) => {
    const lines = measured.map((one) => one.lines).sort((a, b) => a - b);
    return [name, measured.length, lines.reduce((a, b) => a + b, 0), median(lines), lines.at(-1) ?? 0];
  };
  const rows = [...folders].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, measured]) => row(name, measured));
  const every = [...folders.values()].flat();
  return { rows: [...rows, row('all', every)], tooLong: every.filter((one) => one.lines > MOST_LINES) };
};

/** @param {readonly (readonly (string | number)[])[]} rows the first is the heading; the first column is text */
const print = (rows) => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  for (const row of rows) process.stdout.write(`${row.map((cell, column) => (column === 0 ? String(cell).padEnd(widths[column] ?? 0) : String(cell).padStart(widths[column] ?? 0))).join('  ')}\n`);
};

/** @param {readonly string[]} files */
const gzipped = (files) => files.reduce((total, file) => total + gzipSync(readFileSync(file)).length, 0);

/** The scripts a page must have before it works: what the HTML or vite's manifest names, with their static imports; else every script. */
const initialScripts = () => {
  const folder = inRoot('web', 'dist', 'client');
  const scripts = filesUnder(folder).filter((file) => file.endsWith('.js'));
  const manifestPath = [join(folder, '.vite', 'manifest.json'), join(folder, 'manifest.json')].find(exists);
  if (manifestPath !== undefined) {
    /** @type {Record<string, { file: string, isEntry?: boolean, imports?: string[] }>} */
    const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));
    /** @type {Set<string>} */
    const seen = new Set();
    const visit = (/** @type {string} */ key) => {
      if (seen.has(key)) return;
      seen.add(key);
      for (const next of manifest[key]?.imports ?? []) visit(next);
    };
    for (const [key, chunk] of Object.entries(manifest)) if (chunk.isEntry === true) visit(key);
    return [...seen].flatMap((key) => manifest[key]?.file ?? []).filter((file) => file.endsWith('.js')).map((file) => join(folder, file));
  }
  const html = inRoot('web', 'dist', 'client', 'index.html');
  if (!exists(html)) return scripts;
  const text = readFileSync(html, 'utf8');
  return scripts.filter((file) => text.includes(file.slice(folder.length + 1)));
};

/** The bare client as an embedder's bundler would send it: one minified script. @returns {Promise<{ files: number, bytes: number }>} */
const clientBundle = async () => {
  const entry = inRoot('dist', 'client', 'index.js');
  if (!exists(entry)) return { files: 0, bytes: 0 };
  const { build } = await import('vite');
  const built = await build({ configFile: false, logLevel: 'silent', build: { write: false, minify: true, lib: { entry, formats: ['es'], fileName: 'client' } } });
  const outputs = [built].flat().flatMap((result) => ('output' in result ? result.output : []));
  return { files: 1, bytes: outputs.reduce((sum, output) => sum + ('code' in output ? gzipSync(output.code).length : 0), 0) };
};

/** @returns {Promise<{ name: string, files: number, bytes: number, most: number }[]>} */
const budgets = async () => {
  const scripts = initialScripts();
  return [
    { name: 'web: initial scripts', files: scripts.length, bytes: gzipped(scripts), most: 190 * KB },
    { name: 'client, bundled', ...await clientBundle(), most: 6 * KB },
  ].filter(({ files }) => files > 0);
};

await runScript(async () => {
  const { rows, tooLong } = folderTable();
  print([['folder', 'files', 'lines', 'median', 'longest'], ...rows]);
  for (const { path, lines } of tooLong) process.stdout.write(`${path} has ${lines} lines, over the limit of ${MOST_LINES}: split it by noun.\n`);
  const sizes = await budgets();
  process.stdout.write('\n');
  if (sizes.length === 0) process.stdout.write('Nothing is built for the browser yet: run npm run build.\n');
  else print([['gzipped', 'files', 'bytes', 'budget', ''], ...sizes.map(({ name, files, bytes, most }) => [name, files, bytes, most, bytes > most ? 'OVER' : ''])]);
  return tooLong.length > 0 || sizes.some(({ bytes, most }) => bytes > most) ? 1 : 0;
});
