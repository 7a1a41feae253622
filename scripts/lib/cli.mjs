// @ts-check
import { pathToFileURL } from 'node:url';
import { exists, inRoot } from './paths.mjs';
import { Stop } from './run.mjs';

/**
 * Runs one command of the built command line in this process and leaves its exit code in `process.exitCode`.
 * @param {readonly string[]} args without program names
 */
export const runCli = async (args) => {
  const entry = inRoot('dist', 'cli', 'main.js');
  if (!exists(entry)) throw new Stop(`The command line is missing (${entry}): delete the folder dist and run the same command again.`);
  const { main } = await import(pathToFileURL(entry).href);
  const code = await main(args);
  if (typeof code === 'number') process.exitCode = code;
};
