import { expect, test } from 'vitest';
import { FEATURE_MEANINGS } from '../../src/models/feature-meanings.ts';
import { FEATURE_NAMES } from '../../src/models/features.ts';
import { cliPage, configurationPage, featuresPage } from './support/reference.ts';

const PAGES = { 'configuration.md': configurationPage, 'cli.md': cliPage, 'features.md': featuresPage };

for (const [name, write] of Object.entries(PAGES)) {
  test(`docs/reference/${name} is what the code says (vitest -u writes it)`, async () => {
    await expect(await write()).toMatchFileSnapshot(`../../docs/reference/${name}`);
  });
}

test('every feature has a meaning, and every meaning a feature', () => {
  expect(Object.keys(FEATURE_MEANINGS).toSorted()).toEqual(FEATURE_NAMES.toSorted());
});
