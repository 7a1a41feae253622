// @ts-check
// npm run check: the fast part of npm test. The import map is one of the unit tests.
import { lint, runSteps, types, vitest } from './lib/checks.mjs';
import { prepare } from './lib/prepare.mjs';
import { runScript } from './lib/run.mjs';

await runScript(async () => {
  await prepare({ build: false });
  return runSteps([
    { title: 'types', work: types },
    { title: 'lint', work: lint },
    { title: 'import map and unit tests', work: () => vitest(['unit']) },
  ]);
});
