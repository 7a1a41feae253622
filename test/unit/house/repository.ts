import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root: string = fileURLToPath(new URL('../../..', import.meta.url));

const MADE = new Set(['node_modules', 'dist', 'dist-bench', 'coverage', '.git', '.throughline']);

const walk = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !MADE.has(entry.name) && !entry.isSymbolicLink())
    .flatMap((entry) => (entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]));

const listedByGit = (): string[] => execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'ignore'] }).split('\0');

/** Files that are, or are about to be, committed, relative to the root; in a copy without git, every file that is not made by a tool. */
export const repositoryFiles = (...folders: readonly string[]): string[] => {
  const listed = existsSync(join(root, '.git')) ? listedByGit() : walk('.');
  return listed.filter((path) => path !== '' && (folders.length === 0 || folders.some((folder) => path.startsWith(`${folder}/`))) && existsSync(join(root, path)));
};

export const read = (path: string): string => readFileSync(join(root, path), 'utf8');
