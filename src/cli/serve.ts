/** `throughline serve`: a store over HTTP. With workers this process binds the port, hands the socket to a child and watches over it. */
import { spawn } from 'node:child_process';
import { createServer, Socket, type AddressInfo, type Server } from 'node:net';
import { Command } from 'commander';
import { discoveryOptions, feedOptions, loadConfig, type Config } from '../config.ts';
import { assertMayListen } from '../http/auth.ts';
import { openPlatform } from '../platform/open.ts';
import { gatherSources } from '../platform/plugins.ts';
import { checkValues } from '../feed/values.ts';
import { portInUse, serveInThread, serveInWorkers, type Served } from '../serve/serve.ts';
import { letHeapGrow } from '../serve/heap.ts';
import { surviveStrays } from '../serve/strays.ts';
import { dataFolder, DEFAULT_DATA, print, printJson, wholeNumber, type CommonOptions } from './common.ts';
import { createProgress } from './progress.ts';

interface ServeOptions extends CommonOptions { readonly port?: number; readonly host?: string; readonly workers?: number; readonly config?: string }

/** Descriptors of the inherited socket and of a pipe that ends when the supervising process does; the URL it answers at. */
const INHERITED_FD = 3;
const LIFELINE_FD = 4;
const URL_VARIABLE = 'THROUGHLINE_INHERITED_URL';

const untilStopped = (): Promise<void> => new Promise((resolve) => {
  process.once('SIGINT', () => { resolve(); });
  process.once('SIGTERM', () => { resolve(); });
  if (process.env[URL_VARIABLE] === undefined) return;
  // Left alone, this process would hold the port and the folder, and nobody could stop it by the one they started.
  const lifeline = new Socket({ fd: LIFELINE_FD, readable: true, writable: false });
  lifeline.once('close', () => { resolve(); });
  lifeline.resume().unref();
});

const serve = async (options: ServeOptions, config: Config): Promise<void> => {
  const data = dataFolder(options);
  const progress = createProgress({ quiet: options.json === true });
  const bar = progress.bar('Reading the log', 1);
  checkValues(config.feed.values);
  surviveStrays(config.plugins);
  letHeapGrow();
  const platform = await openPlatform({
    ...await gatherSources(config), plugins: config.plugins,
    data, feed: feedOptions(config), discovery: discoveryOptions(config), servedDays: config.retention.servedDays, onReplay: () => { bar.set(0.5); },
    onModelFault: (error) => { process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`); },
  });
  bar.end(`${platform.state.catalog.entities.size()} entities`);
  let served: Served;
  try {
    const inheritedUrl = process.env[URL_VARIABLE];
    served = inheritedUrl === undefined ? await serveInThread(platform, config) : await serveInWorkers(platform, config, { fd: INHERITED_FD, url: inheritedUrl });
  } catch (error) {
    await platform.close();
    throw error;
  }
  if (options.json === true) printJson({ url: served.url, data, pid: process.pid, workers: config.workers });
  else print(`Throughline is up at ${served.url}\nData in ${data}\nStop with Ctrl-C`);
  await untilStopped();
  await served.close();
  await platform.close();
};

const bind = (config: Config): Promise<Server> => new Promise((resolve, reject) => {
  const server = createServer();
  server.once('error', (error) => { reject(portInUse(config.host, config.port, error) as Error); });
  server.listen({ host: config.host, port: config.port }, () => { resolve(server); });
});

/** Binds the port, starts the serving process on it, and passes signals on. */
const superviseWorkers = async (config: Config): Promise<void> => {
  const server = await bind(config);
  const { port } = server.address() as AddressInfo;
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
  // A listening socket can be handed on only by its descriptor.
  const { fd } = (server as unknown as { readonly _handle: { readonly fd: number } })._handle;
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], { stdio: ['inherit', 'inherit', 'inherit', fd, 'pipe'], env: { ...process.env, [URL_VARIABLE]: url } });
  // Were this process to keep its own, it would take connections that nobody answers.
  server.close();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => { child.kill(signal); });
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => { resolve(code ?? (signal === null ? 0 : 137)); });
  });
};

export const serveCommand = (): Command => new Command('serve')
  .description('serve a store over HTTP')
  .option('--data <folder>', 'the store', DEFAULT_DATA)
  .option('--port <number>', 'port to serve on (default 7700)', wholeNumber)
  .option('--host <address>', 'address to serve on (default 127.0.0.1); beyond loopback API keys are required')
  .option('--workers <number>', 'threads that answer requests; 0 answers in the main thread', wholeNumber)
  .option('--config <file>', 'a JSON file with settings; see docs/reference/configuration.md')
  .option('--json', 'print one JSON object when the server is up, and no progress')
  .action(async (options: ServeOptions) => {
    const config = await loadConfig(options.config, { port: options.port, host: options.host, workers: options.workers });
    assertMayListen(config.host, config.keys);
    if (config.workers > 0 && process.env[URL_VARIABLE] === undefined) await superviseWorkers(config);
    else await serve(options, config);
  });
