import { expect, test } from 'vitest';
import { cliPage, configurationPage, featuresPage } from './support/reference.ts';

const PAGES = { 'configuration.md': configurationPage, 'cli.md': cliPage, 'features.md': featuresPage };

for (const [name, write] of Object.entries(PAGES)) {
  test(`docs/reference/${name} is what the code says (vitest -u writes it)`, async () => {
    await expect(await write()).toMatchFileSnapshot(`../../docs/reference/${name}`);
  });
}
