#!/usr/bin/env node
// @ts-check
import { prepare } from '../scripts/lib/prepare.mjs';
import { runCli } from '../scripts/lib/cli.mjs';
import { Stop } from '../scripts/lib/run.mjs';
import { countSignalsOnce } from '../scripts/lib/signals.mjs';

try {
  await prepare();
  countSignalsOnce();
  await runCli(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
