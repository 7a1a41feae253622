/** Runs the snippets of a page against a real server, in order, and says what came of each. */
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { vi } from 'vitest';
import { temporaryFolder } from '../../support/real-server.ts';
import type { Block } from './markdown.ts';

const DOORS: Readonly<Record<string, string>> = { throughline: 'index.ts', 'throughline/client': 'client/index.ts', 'throughline/plugin': 'plugin.ts', 'throughline/testing': 'testing/index.ts' };
const WRITTEN_URL = 'http://127.0.0.1:7700';

/** The snippet as a module file: doors of the package become its sources, `./data…` a new folder, the written address the server's. */
export const moduleOf = (text: string, url: string): string => {
  const folder = temporaryFolder();
  const source = text
    .replace(/from '(throughline(?:\/\w+)?)'/gu, (_, door: string) => `from '${fileURLToPath(new URL(`../../../src/${DOORS[door] ?? door}`, import.meta.url))}'`)
    .replaceAll('\'./data', `'${folder}/data`)
    .replaceAll(WRITTEN_URL, url);
  const file = join(mkdtempSync(join(folder, 'snippet-')), 'snippet.mts');
  writeFileSync(file, `${source}\nexport {};\n`);
  return file;
};

const runShell = (text: string, url: string): Promise<string> => new Promise((resolve, reject) => {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', text.replaceAll(WRITTEN_URL, url)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { output += chunk; });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => { errors += chunk; });
  child.once('error', reject);
  child.once('close', (code) => { if (code === 0) resolve(output); else reject(new Error(`exit code ${code}: ${errors}`)); });
});

const runModule = async (text: string, url: string): Promise<string> => {
  const lines: string[] = [];
  const spy = vi.spyOn(console, 'log').mockImplementation((...values: readonly unknown[]) => { lines.push(values.join(' ')); });
  try { await import(pathToFileURL(moduleOf(text, url)).href); } finally { spy.mockRestore(); }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
};

/** @returns what it printed */
export const runBlock = (block: Block, url: string): Promise<string> => (block.language === 'sh' ? runShell(block.text, url) : runModule(block.text, url));

/** Paths at which an answer lacks what the page shows, or has another type there; of lists the first entry is compared. */
export const missingFrom = (actual: unknown, shown: unknown, path = '$'): readonly string[] => {
  if (Array.isArray(shown)) return !Array.isArray(actual) ? [path] : shown.length === 0 ? [] : missingFrom(actual[0], shown[0], `${path}[0]`);
  if (typeof shown === 'object' && shown !== null) {
    if (typeof actual !== 'object' || actual === null) return [path];
    return Object.entries(shown).flatMap(([name, child]) => missingFrom((actual as Readonly<Record<string, unknown>>)[name], child, `${path}.${name}`));
  }
  // An answer without a next page shows null where another shows a cursor.
  return actual === null || shown === null || typeof actual === typeof shown ? [] : [path];
};
