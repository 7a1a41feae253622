import { expect, test } from 'vitest';
import type { z } from 'zod';
import { ThroughlineError } from '../../../src/core/errors.ts';
import { validate } from '../../../src/core/validation.ts';
import { ATTRIBUTES } from '../../../src/catalog/kinds.ts';

const refusal = (schema: z.ZodType, value: unknown): readonly [string | undefined, string] => {
  try { validate(schema, value); } catch (error) { if (error instanceof ThroughlineError) return [error.where.field, error.message]; }
  throw new Error('nothing was refused');
};

test.each<[z.ZodType, unknown, string | undefined, string]>([
  [ATTRIBUTES.article, { title: 7 }, 'title', 'title must be a string'],
  [ATTRIBUTES.article, { title: '' }, 'title', 'title must be at least 1 character'],
  [ATTRIBUTES.article, { topics: Array.from({ length: 21 }, () => 't') }, 'topics', 'topics must be at most 20 entries'],
  [ATTRIBUTES.article, { topics: ['a', 3] }, 'topics[1]', 'topics[1] must be a string'],
  [ATTRIBUTES.article, { url: 'ftp://a' }, 'url', 'url must be an http or https URL'],
  [ATTRIBUTES.article, { titel: 'a', colour: 'b' }, 'titel', 'unknown fields "titel", "colour"; remove them or check the spelling'],
  [ATTRIBUTES.job, { pay: { min: -1, max: 1, currency: 'EUR', per: 'year' } }, 'pay.min', 'pay.min must be at least 0'],
  [ATTRIBUTES.job, { mode: 'sea' }, 'mode', 'mode must be one of "onSite", "hybrid", "remote"'],
  [ATTRIBUTES.job, { pay: { min: 1, max: 1, currency: 'EUR', per: 'year', bonus: 2 } }, 'pay.bonus', 'unknown field "bonus" in pay; remove it or check the spelling'],
  [ATTRIBUTES.post, {}, 'author', 'author is missing; it must be a string'],
  [ATTRIBUTES.post, { author: 'ana' }, 'author', 'author must be a reference of the form kind:id, such as member:42'],
  [ATTRIBUTES.post, [], undefined, 'the record must be an object'],
])('says which field is wrong and what it must be (%#)', (...[schema, value, ...said]) => {
  expect(refusal(schema, value)).toEqual(said);
});
