// @ts-check
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exists, inRoot } from './paths.mjs';
import { withProgress } from './progress.mjs';
import { onPath, run } from './run.mjs';

const UNPACKED = inRoot('node_modules', '.cache', 'tools');

/** @typedef {{ variable: string, name: string, path: string | undefined, why: string }} SystemTool `why` it is missing, when it is */

/** @returns {Promise<readonly string[] | undefined>} what to put before a command that root must run; undefined when nobody may */
const asRoot = async () => {
  if (process.getuid?.() === 0) return [];
  return onPath('sudo') !== undefined && (await run('sudo', ['-n', 'true'])).code === 0 ? ['sudo', '-n'] : undefined;
};

/** @param {readonly string[]} before @param {readonly string[]} args */
const aptGet = (before, args) => {
  const [command = 'env', ...rest] = [...before, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-o', 'DPkg::Lock::Timeout=120', ...args];
  return run(command, rest, { env: process.env });
};

/** The package lists are fetched once, and only when something is missing. */
const createApt = () => {
  /** @type {Promise<{ before: readonly string[] } | { why: string }> | undefined} */
  let ready;
  const prepareApt = async () => {
    if (onPath('apt-get') === undefined) return { why: 'this system has no apt-get to install it with' };
    const before = await asRoot();
    if (before === undefined) return { why: 'installing it needs root or a sudo that asks no password' };
    const { code, output } = await withProgress('Reading package lists', () => aptGet(before, ['update']));
    return code === 0 ? { before } : { why: `apt-get update failed: ${output.trim().split('\n').at(-1)}` };
  };
  return () => (ready ??= prepareApt());
};

/** @param {readonly string[]} packages @param {ReturnType<typeof createApt>} apt @returns {Promise<string>} why it failed; empty when it did not */
const installPackages = async (packages, apt) => {
  const access = await apt();
  if ('why' in access) return access.why;
  const { code, output } = await withProgress(`Installing ${packages.join(', ')}`, () => aptGet(access.before, ['install', '-y', '--no-install-recommends', ...packages]));
  return code === 0 ? '' : `apt-get install failed: ${output.trim().split('\n').at(-1)}`;
};

/** @param {ReturnType<typeof createApt>} apt @returns {Promise<string>} why it failed; empty when it did not */
const unpackPrometheus = async (apt) => {
  // The package would start a service: only its files are wanted, so it is unpacked and not installed.
  const access = await apt();
  const folder = join(UNPACKED, 'prometheus');
  mkdirSync(folder, { recursive: true });
  const { code, output } = await withProgress('Fetching promtool', () => run('apt-get', ['-q', 'download', 'prometheus'], { cwd: folder }));
  const archive = readdirSync(folder).find((name) => name.endsWith('.deb'));
  if (code !== 0 || archive === undefined) return 'why' in access ? access.why : `apt-get download failed: ${output.trim().split('\n').at(-1)}`;
  const unpacked = await run('dpkg', ['-x', archive, folder], { cwd: folder });
  rmSync(join(folder, archive), { force: true });
  return unpacked.code === 0 ? '' : `dpkg could not unpack it: ${unpacked.output.trim()}`;
};

const PROMTOOL = join(UNPACKED, 'prometheus', 'usr', 'bin', 'promtool');

/** @param {ReturnType<typeof createApt>} apt */
const WANTED = (apt) => [
  { variable: 'THROUGHLINE_CHROMIUM', name: 'chromium', find: () => onPath('chromium', 'chromium-browser', 'google-chrome'), get: () => installPackages(['chromium', 'fonts-dejavu-core'], apt) },
  { variable: 'THROUGHLINE_STRACE', name: 'strace', find: () => onPath('strace'), get: () => installPackages(['strace'], apt) },
  { variable: 'THROUGHLINE_PROMTOOL', name: 'promtool', find: () => onPath('promtool') ?? (exists(PROMTOOL) ? PROMTOOL : undefined), get: () => unpackPrometheus(apt) },
];

/**
 * Finds, or installs, the programs that some tests need beside Node. A variable that is already set wins.
 * @returns {Promise<SystemTool[]>}
 */
export const systemTools = async () => {
  const apt = createApt();
  /** @type {SystemTool[]} */
  const tools = [];
  for (const { variable, name, find, get } of WANTED(apt)) {
    const named = process.env[variable];
    const found = named !== undefined && exists(named) ? named : find();
    const why = found === undefined ? await get() : '';
    tools.push({ variable, name, path: found ?? find(), why });
  }
  return tools;
};
