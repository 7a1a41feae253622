// @ts-check
import { lstatSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { exists, inRoot } from './paths.mjs';
import { withProgress } from './progress.mjs';
import { Stop, runNpm } from './run.mjs';

const LOCK = inRoot('package-lock.json');
const MODULES = inRoot('node_modules');
const INSTALLED = inRoot('node_modules', '.package-lock.json');

/** @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean, link?: boolean }} LockedPackage */

/** @param {string} path @returns {Record<string, LockedPackage>} */
const packagesOf = (path) => JSON.parse(readFileSync(path, 'utf8')).packages ?? {};

/** Same names at same versions; packages for other platforms may be absent. */
const sameVersions = () => {
  const have = packagesOf(INSTALLED);
  return Object.entries(packagesOf(LOCK)).every(([path, wanted]) =>
    !path.includes('node_modules/') || have[path]?.version === wanted.version || (have[path] === undefined && (wanted.optional === true || wanted.devOptional === true || wanted.peer === true)));
};

/**
 * True when node_modules does not hold what package-lock.json names. A published package has no lock file and is never stale.
 * A fresh checkout touches every file, so a newer lock file alone proves nothing: its versions decide.
 */
export const installIsStale = () => {
  const locked = statSync(LOCK, { throwIfNoEntry: false });
  if (locked === undefined) return false;
  const installed = statSync(INSTALLED, { throwIfNoEntry: false });
  if (installed === undefined) return true;
  return locked.mtimeMs > installed.mtimeMs && !sameVersions();
};

const isLink = () => lstatSync(MODULES, { throwIfNoEntry: false })?.isSymbolicLink() === true;

/** Packages unpacked so far: npm itself says nothing until the end. */
const unpacked = () => {
  if (!exists(MODULES)) return 0;
  return readdirSync(MODULES).flatMap((name) => (name.startsWith('.') ? [] : name.startsWith('@') ? readdirSync(`${MODULES}/${name}`) : [name])).length;
};

/** @param {string} output what npm printed */
const whyItFailed = (output) => {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT/u.test(output)) {
    return 'Could not reach the npm registry to install the dependencies: connect to the network, or name a registry you can reach with `npm config set registry <url>`, and run the same command again.';
  }
  if (/ENOSPC/u.test(output)) return 'The disk is full, so the dependencies could not be installed: free about 400 MB and run the same command again.';
  const lines = (output.split(/^npm (?:error|ERR!) Clean install a project/mu)[0] ?? '').split('\n').filter((line) => /^npm (?:error|ERR!) \S/u.test(line) && !line.includes('A complete log'));
  return `npm could not install the dependencies:\n${(lines.length > 0 ? lines : output.trim().split('\n').slice(-8)).join('\n')}`;
};

/** So that `npx throughline` finds this checkout's own program without setting up a copy of it elsewhere. */
const linkProgram = () => {
  const link = inRoot('node_modules', '.bin', 'throughline');
  if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) return;
  mkdirSync(inRoot('node_modules', '.bin'), { recursive: true });
  symlinkSync('../../bin/throughline.mjs', link);
};

/** Installs exactly what package-lock.json names, development tools included: the build needs them. */
export const install = async () => {
  if (isLink()) throw new Stop('node_modules is a link and does not hold what package-lock.json names: run `npm ci` where the link points to.');
  const expected = Object.entries(packagesOf(LOCK)).filter(([path, locked]) => /^node_modules\/(?:@[^/]+\/)?[^/]+$/u.test(path) && locked.optional !== true && locked.devOptional !== true).length;
  await withProgress('Installing dependencies', async () => {
    const { code, output } = await runNpm(['ci', '--include=dev', '--no-audit', '--no-fund', '--prefer-offline', '--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=4000'], {
      // An npm that does not read allowScripts would run a script that fetches libraries for graphics cards, which nothing here uses.
      env: { ONNXRUNTIME_NODE_INSTALL: 'skip', ...process.env, npm_config_loglevel: 'error' },
    });
    if (code !== 0) throw new Stop(whyItFailed(output));
  }, { measure: () => ({ done: Math.min(unpacked(), expected), of: expected }) });
  linkProgram();
};
