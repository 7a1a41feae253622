// The demo as `npm start` runs it, compiled, with a network small enough for a test: node small-demo.mjs <dist> <data>. Prints a line of JSON for
// each thing that happens; SIGTERM stops it.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

const [dist = '', data = ''] = process.argv.slice(2);
const load = (...path) => import(pathToFileURL(join(dist, ...path)).href);
const { runDemo } = await load('cli', 'demo-life.js');
const { houseAt } = await load('cli', 'demo-house.js');
const { parameters } = await load('world', 'parameters.js');

const say = (what) => { process.stdout.write(`${JSON.stringify(what)}\n`); };
const stop = new AbortController();
process.once('SIGTERM', () => { stop.abort(); });

const SILENT = { advance: () => undefined, set: () => undefined, end: () => undefined };
const house = houseAt({ host: '127.0.0.1', port: 0 });
const open = async (options) => {
  const opened = await house(options);
  const trainJourney = async (signal) => {
    try {
      const version = await opened.trainJourney(signal);
      say({ trained: version ?? null });
      return version;
    } catch (error) {
      say({ failed: error.code });
      throw error;
    }
  };
  return { ...opened, trainJourney };
};

await runDemo({
  data, open, signal: stop.signal, values: parameters({ members: 60, historyDays: 2, trainings: 1 }),
  progress: { bar: () => SILENT, note: (note) => { say({ note }); } }, ready: (up) => { say({ up }); },
});
say({ stopped: true });
