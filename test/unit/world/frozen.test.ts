import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parametersHash } from '../../../src/world/parameters.ts';
import { PERTURBED } from '../../../src/world/perturbed.ts';

test('the worlds are those that the figures were taken in: whoever changes a number of them takes the figures again', () => {
  const frozen = 'fc47edf7098484a6';
  expect(parametersHash()).toBe(frozen);
  expect(createHash('sha256').update(JSON.stringify(PERTURBED)).digest('hex').slice(0, 16)).toBe('bd76326ec16caf8c');
  expect(readFileSync('bench/RESULTS.md', 'utf8')).toContain(`parameters ${frozen}`);
});
