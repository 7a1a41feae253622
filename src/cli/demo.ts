/** `throughline demo`, the verb behind `npm start`: a living network on this machine. */
import { Command, InvalidArgumentError } from 'commander';
import { parameters } from '../world/parameters.ts';
import { dataFolder, print, printJson } from './common.ts';
import { describe, runDemo } from './demo-life.ts';
import { houseAt } from './demo-house.ts';
import { createProgress } from './progress.ts';

export interface DemoOptions { readonly data: string; readonly port: number; readonly host: string; readonly json?: boolean }
const portOf = (text: string): number => {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('write a whole number from 0 to 65535.');
  return port;
};

export const demoCommand = (): Command => new Command('demo')
  .description('run a small living network here: simulated members, a ranked feed for each, everything in one folder')
  .option('--data <folder>', 'where the network lives', '.throughline/demo')
  .option('--port <number>', 'port to serve on', portOf, 7700)
  .option('--host <address>', 'address to serve on', '127.0.0.1')
  .option('--json', 'print one JSON object when the server is up, and no progress')
  .action(async (options: DemoOptions) => {
    const values = parameters();
    const stop = new AbortController();
    const progress = createProgress({ quiet: options.json === true });
    const ask = (): void => {
      progress.note('Stopping: members first, then the server, then the store.');
      stop.abort();
    };
    process.once('SIGINT', ask);
    process.once('SIGTERM', ask);
    const data = dataFolder(options);
    let up = false;
    await runDemo({
      data, values, progress, signal: stop.signal, open: houseAt(options),
      ready: (facts) => { up = true; if (options.json === true) printJson(facts); else print(describe(facts)); },
    });
    // Stopped while the history was being made: there is nothing to serve yet.
    if (!up) process.exitCode = 130;
  });
