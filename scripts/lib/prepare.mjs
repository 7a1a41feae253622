// @ts-check
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { inRoot } from './paths.mjs';
import { installIsStale } from './install.mjs';
import { staleParts } from './parts.mjs';
import { Stop } from './run.mjs';

const TURN = inRoot('.preparing');
const OLDEST_NODE = [20, 19];

const checkNode = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new Stop(`Throughline needs Node ${OLDEST_NODE.join('.')} or newer and this is ${process.versions.node}: install a newer Node and run the same command again.`);
  }
};

/** @param {number} pid */
const isAlive = (pid) => {
  try { process.kill(pid, 0); return true; } catch (error) { return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'; }
};

const takeTurn = () => {
  try { writeFileSync(TURN, String(process.pid), { flag: 'wx' }); return true; } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw new Stop(`Cannot write to ${inRoot()}: ${error instanceof Error ? error.message : String(error)}; run this from a checkout you own.`);
  }
  let holder = 0;
  try { holder = Number(readFileSync(TURN, 'utf8')); } catch { /* it has just been given back */ }
  if (holder > 0 && !isAlive(holder)) rmSync(TURN, { force: true });
  return false;
};

/**
 * One process at a time installs and builds; the others wait for it.
 * @param {() => Promise<void>} work
 */
const inTurn = async (work) => {
  while (!takeTurn()) await new Promise((resolve) => { setTimeout(resolve, 100); });
  const giveBack = () => { rmSync(TURN, { force: true }); };
  process.once('exit', giveBack);
  try { await work(); } finally { giveBack(); process.off('exit', giveBack); }
};

/**
 * Makes sure that dependencies are installed and everything stale is built. Costs a few milliseconds when nothing is.
 * Throws Stop with one sentence when it cannot.
 * @param {{ build?: boolean }} [options] `build: false` installs only
 */
export const prepare = async (options = {}) => {
  checkNode();
  const build = options.build ?? true;
  if (!installIsStale() && (!build || staleParts().length === 0)) return;
  await inTurn(async () => {
    if (installIsStale()) await (await import('./install.mjs')).install();
    const stale = build ? staleParts() : [];
    if (stale.length > 0) await (await import('./compile.mjs')).buildParts(stale, { check: false });
  });
};
