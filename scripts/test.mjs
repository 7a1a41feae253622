// @ts-check
// npm test: everything, from nothing.
import { lint, runSteps, types, vitest } from './lib/checks.mjs';
import { prepare } from './lib/prepare.mjs';
import { runScript } from './lib/run.mjs';
import { systemTools } from './lib/system-tools.mjs';

await runScript(async () => {
  await prepare({ build: false });
  const tools = await systemTools();
  const env = Object.fromEntries(tools.flatMap(({ variable, path }) => (path === undefined ? [] : [[variable, path]])));
  const missing = tools.filter(({ path }) => path === undefined).map(({ name, why }) => ({ name, why: why === '' ? 'it was installed and still is not on PATH' : why }));
  return runSteps([
    { title: 'build', work: async () => { await prepare(); return { passed: 1, failed: 0, skipped: [] }; } },
    { title: 'types', work: types },
    { title: 'lint', work: lint },
    { title: 'unit, contract, http and docs', work: () => vitest(['unit', 'contract', 'http', 'docs'], { env }) },
    { title: 'command line', work: () => vitest(['cli'], { env }) },
    { title: 'browser', work: () => vitest(['browser'], { env }) },
  ], { skipped: missing, skipFails: process.env['CI'] === 'true' });
});
