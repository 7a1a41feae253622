// @ts-check
// npm run dev: the demo, built again and restarted when a source changes; the page is built again too.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { exists, inRoot, root } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { TOOLS, runScript } from './lib/run.mjs';

const QUIET_MS = 300;

/** @param {readonly string[]} args @param {string} [cwd] */
const startNode = (args, cwd = root) => spawn(process.execPath, [...args], { cwd, stdio: ['ignore', 'inherit', 'inherit'] });

/** One server at a time; asked to restart while one stops, it starts once. */
const createServer = () => {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child;
  let stopped = false;
  const start = () => {
    child = startNode([inRoot('bin', 'throughline.mjs'), 'demo', ...process.argv.slice(2)]);
    child.once('exit', () => { child = undefined; });
  };
  return {
    restart: () => {
      if (stopped) return;
      if (child === undefined) { start(); return; }
      child.removeAllListeners('exit');
      child.once('exit', () => { if (!stopped) start(); });
      child.kill('SIGINT');
    },
    stop: () => { stopped = true; child?.kill('SIGINT'); },
  };
};

/** @param {() => void} work */
const whenQuiet = (work) => {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  return () => { clearTimeout(timer); timer = setTimeout(work, QUIET_MS); };
};

await runScript(async () => {
  await prepare();
  // The server builds what is stale when it starts, so watching the sources is enough; the compiler beside it only says what does not type-check.
  const tools = [startNode([TOOLS.tsc, '-p', inRoot('tsconfig.json'), '--noEmit', '--watch', '--preserveWatchOutput'])];
  if (exists(inRoot('web', 'vite.config.ts'))) tools.push(startNode([TOOLS.vite, 'build', '--watch', '--outDir', 'dist/client'], inRoot('web')));
  const server = createServer();
  const watcher = watch(inRoot('src'), { recursive: true }, whenQuiet(server.restart));
  server.restart();
  await new Promise((resolve) => { process.once('SIGINT', resolve); process.once('SIGTERM', resolve); });
  watcher.close();
  server.stop();
  for (const tool of tools) tool.kill();
});
