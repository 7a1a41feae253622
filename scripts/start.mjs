// @ts-check
// npm start: install, build, then the living demo.
import { runCli } from './lib/cli.mjs';
import { prepare } from './lib/prepare.mjs';
import { Stop } from './lib/run.mjs';
import { countSignalsOnce } from './lib/signals.mjs';

try {
  await prepare();
  countSignalsOnce();
  await runCli(['demo', ...process.argv.slice(2)]);
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
