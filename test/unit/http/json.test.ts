import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasPrototypeKey, holdsPrototypeKey, locateFault, parseJson } from '../../../src/http/json.ts';

describe('the place of a fault in JSON', () => {
  test.each([
    ['{"a":1,}', 1, 8], ['[1 2]', 1, 4], ['{"a" 1}', 1, 6], ['{a:1}', 1, 2], ['tru', 1, 1], ['"a\nb"', 1, 3], ['[1]]', 1, 4],
    ['{\r\n "a": [1,\r\n  nope]}', 3, 3], ['"\\x"', 1, 2], ['01', 1, 2], ['', 1, 1], ['[', 1, 2], ['{"a":', 1, 6], ['[1}', 1, 3],
  ])('%j is at line %i, column %i', (text, line, column) => {
    expect(locateFault(text)).toMatchObject({ line, column });
  });

  test('is found in whatever JSON.parse refuses, and never before a prefix that could go on', () => {
    fc.assert(fc.property(fc.json(), fc.nat(), fc.constantFrom('}', ']', ',', ':', '"', 'x', '1', ' ', '\\', '\n'), (text, place, character) => {
      const at = place % (text.length + 1);
      const broken = text.slice(0, at) + character + text.slice(at);
      let refused = false;
      try { JSON.parse(broken); } catch { refused = true; }
      if (!refused) return;
      const { line, column } = locateFault(broken);
      expect(line).toBeGreaterThanOrEqual(1);
      expect(column).toBeGreaterThanOrEqual(1);
      expect(line).toBeLessThanOrEqual(broken.split('\n').length);
    }), { seed: 7, numRuns: 500 });
  });

  test('a string of many megabytes does not bring the second look down', () => {
    expect(() => parseJson(Buffer.from(`{"a":"${'x'.repeat(7_000_000)}",}`))).toThrow(expect.objectContaining({ code: 'client/invalidJson' }));
  });
});

describe('fields that reach for the prototype', () => {
  test('are found as keys, escaped or not, at any depth, and not as values', () => {
    const hidden = '{"a":[{"\\u005f\\u005fpr\\u006fto__" : 1}]}';
    expect([hasPrototypeKey(hidden), holdsPrototypeKey(JSON.parse(hidden))]).toEqual([true, true]);
    expect(hasPrototypeKey(JSON.stringify({ text: 'say "__proto__": now', name: '__proto__' }))).toBe(false);
  });
});
