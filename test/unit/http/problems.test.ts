import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ERRORS, ThroughlineError, type ErrorCode } from '../../../src/core/errors.ts';
import { asThroughlineError, errorsPage, problemOf, PROBLEMS, statusOf } from '../../../src/http/problems.ts';

const PAGE = 'docs/reference/errors.md';

describe('the catalogue of errors', () => {
  test('every code has a status and every status belongs to a code', () => {
    expect(Object.keys(PROBLEMS).sort()).toEqual(Object.keys(ERRORS).sort());
  });

  test('a client\'s fault is a 4xx unless it never comes over HTTP, the server\'s a 5xx', () => {
    const wrong = (Object.keys(ERRORS) as ErrorCode[]).filter((code) => code !== 'client/invalidConfig' && code.startsWith('client/') !== statusOf(code) < 500);
    expect(wrong).toEqual([]);
  });

  test('the reference page is what the catalogue says (vitest -u writes it)', async () => {
    await expect(errorsPage()).toMatchFileSnapshot(`../../../${PAGE}`);
  });

  test('the reference page lists every code, with its status, and no other', () => {
    const rows = [...readFileSync(PAGE, 'utf8').matchAll(/^\| `([^`]+)` \| (\d+) \|/gm)].map(([, code, status]) => [code, Number(status)]);
    expect(rows).toEqual((Object.keys(ERRORS) as ErrorCode[]).map((code) => [code, statusOf(code)]));
  });
});

describe('problem documents', () => {
  test('name the place of the fault', () => {
    const problem = problemOf(new ThroughlineError('client/tooOld', 'at is long ago; import it', { where: { index: 3, field: 'at', line: 9 } }));
    expect(problem).toEqual({ type: '/problems/client/tooOld', title: ERRORS['client/tooOld'], status: 422, detail: 'At is long ago; import it.', code: 'client/tooOld', index: 3, field: 'at', line: 9 });
  });

  test('say nothing of an error that is not of the catalogue', () => {
    const problem = problemOf(asThroughlineError(new TypeError('secret of member:42')));
    expect([problem.code, JSON.stringify(problem).includes('secret')]).toEqual(['server/internal', false]);
  });
});
