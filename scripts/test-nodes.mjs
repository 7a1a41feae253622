// @ts-check
// npm run test:nodes [22 24 …]: the unit, contract and HTTP suites under other versions of Node, which npm brings.
import { runSteps, vitest } from './lib/checks.mjs';
import { prepare } from './lib/prepare.mjs';
import { runNpm, runScript } from './lib/run.mjs';

const named = process.argv.slice(2);
const versions = named.length > 0 ? named : ['22', '24'];

/** @param {string} version @returns {typeof import('./lib/run.mjs').runNode} */
const nodeOf = (version) => (args, options) => runNpm(['exec', '--yes', `--package=node@${version}`, '--', 'node', ...args], options);

await runScript(async () => {
  await prepare();
  return runSteps(versions.map((version) => ({
    title: `unit, contract and http under node@${version}`,
    work: async () => {
      const { code, output } = await nodeOf(version)(['-p', 'process.version']);
      const found = /^v\d+\.\d+\.\d+$/mu.exec(output)?.[0];
      if (code !== 0 || found?.startsWith(`v${version.split('.')[0]}.`) !== true) throw new Error(`npm could not bring node@${version} (it answered "${output.trim()}"): check the connection to the registry and that install scripts are allowed.`);
      process.stdout.write(`Node ${found}\n`);
      return vitest(['unit', 'contract', 'http'], { node: nodeOf(version) });
    },
  })));
});
