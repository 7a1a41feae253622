#!/usr/bin/env node
// @ts-check
import { prepare } from '../scripts/lib/prepare.mjs';
import { runCli } from '../scripts/lib/cli.mjs';
import { Stop } from '../scripts/lib/run.mjs';

try {
  await prepare();
  await runCli(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
