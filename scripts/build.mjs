// @ts-check
// npm run build: everything, or what is stale with --stale; --check looks at types too.
import { buildParts } from './lib/compile.mjs';
import { exists, inRoot } from './lib/paths.mjs';
import { PARTS, staleParts } from './lib/parts.mjs';
import { prepare } from './lib/prepare.mjs';
import { runScript } from './lib/run.mjs';

await runScript(async () => {
  await prepare({ build: false });
  const parts = process.argv.includes('--stale') ? staleParts() : PARTS.filter((part) => exists(inRoot(part.needs)));
  if (parts.length > 0) await buildParts(parts, { check: process.argv.includes('--check') });
});
