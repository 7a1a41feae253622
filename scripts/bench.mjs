// @ts-check
// npm run bench: lists the benchmarks; npm run bench -- <name> [arguments]: runs one. Figures worth keeping go to bench/RESULTS.md.
import { readFileSync, readdirSync } from 'node:fs';
import { exists, inRoot } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { Stop, TOOLS, runNode, runScript } from './lib/run.mjs';

/** The first comment line of a benchmark says what it measures. @param {string} name */
const about = (name) => /^(?:\/\/|\/\*\*)\s*(.*?)\s*(?:\*\/)?$/mu.exec(readFileSync(inRoot('bench', `${name}.ts`), 'utf8'))?.[1] ?? '';

await runScript(async () => {
  const names = exists(inRoot('bench')) ? readdirSync(inRoot('bench')).filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -3)).sort() : [];
  const [name, ...args] = process.argv.slice(2);
  if (name === undefined) {
    process.stdout.write(names.length === 0 ? 'There are no benchmarks in bench/.\n' : `npm run bench -- <name>\n${names.map((one) => `  ${one.padEnd(24)} ${about(one)}`).join('\n')}\n`);
    return 0;
  }
  if (!names.includes(name)) throw new Stop(`There is no benchmark "${name}" in bench/; there are: ${names.join(', ')}.`);
  await prepare();
  // Node 20 cannot read TypeScript: benchmarks are compiled, with the sources they import, beside the product.
  const { code, output } = await runNode([TOOLS.tsc, '-p', inRoot('tsconfig.bench.json'), '--noCheck']);
  if (code !== 0) throw new Stop(`Compiling the benchmarks failed:\n${output.trim()}`);
  return (await runNode(['--expose-gc', inRoot('dist-bench', 'bench', `${name}.js`), ...args], { show: true })).code;
});
