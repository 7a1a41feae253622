import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Attributes } from '../../../src/core/context.ts';
import { compileCondition, type Condition } from '../../../src/experiments/condition.ts';

const KNOWN = ['locale', 'place', 'skills', 'topics', 'creator', 'createdAt', 'size'];
const ANA: Attributes = { locale: 'de', place: 'Berlin', skills: ['SQL', 'Rust'], creator: true, createdAt: '2025-03-01T00:00:00.000Z', size: 50 };
const holds = (condition: Condition, attributes: Attributes = ANA): boolean => compileCondition(condition, KNOWN)(attributes);

describe('a condition', () => {
  test.each<[string, Condition, boolean]>([
    ['nothing asked', {}, true],
    ['a plain value', { locale: 'de' }, true], ['another plain value', { locale: 'en' }, false], ['several attributes, all of them', { locale: 'de', place: 'Paris' }, false],
    ['true', { creator: true }, true], ['null for what is not stated', { topics: null }, true], ['a list is no plain value', { skills: 'SQL' }, false],
    ['$eq', { place: { $eq: 'Berlin' } }, true], ['$ne', { place: { $ne: 'Berlin' } }, false], ['$ne of what is not stated', { topics: { $ne: 'x' } }, true],
    ['$in', { locale: { $in: ['at', 'de'] } }, true], ['$in for a list: one of it', { skills: { $in: ['Go', 'Rust'] } }, true], ['$in for a list: none of it', { skills: { $in: ['Go'] } }, false],
    ['$nin', { locale: { $nin: ['at', 'de'] } }, false], ['$nin for a list', { skills: { $nin: ['Go'] } }, true],
    ['$gt and $lt of numbers', { size: { $gt: 30, $lt: 60 } }, true], ['$gt, the end not included', { size: { $gt: 50 } }, false], ['$gte, the end included', { size: { $gte: 50 } }, true], ['$lte', { size: { $lte: 49 } }, false],
    ['texts letter by letter', { createdAt: { $gte: '2025-01-01', $lt: '2026' } }, true], ['numbers and texts as numbers', { size: { $gt: '9' } }, true], ['nothing stated as 0', { topics: { $gt: -1 } }, true], ['a list is neither more nor less', { skills: { $lt: 9 } }, false],
    ['$exists', { place: { $exists: true }, topics: { $exists: false } }, true], ['$exists of what is missing', { topics: { $exists: true } }, false],
    ['$size', { skills: { $size: 2 } }, true], ['$size of what is no list', { place: { $size: 6 } }, false],
    ['$elemMatch', { skills: { $elemMatch: { $regex: '^Ru' } } }, true], ['$elemMatch of what is no list', { place: { $elemMatch: { $eq: 'Berlin' } } }, false],
    ['$regex', { place: { $regex: '(?:erlin|amburg)$' } }, true], ['$regex of what is no text', { size: { $regex: '5' } }, false],
    ['$not of a test', { place: { $not: { $regex: '^B' } } }, false], ['$not of a condition', { $not: { locale: 'en' } }, true],
    ['$and', { $and: [{ locale: 'de' }, { creator: true }] }, true], ['$or', { $or: [{ locale: 'en' }, { creator: true }] }, true], ['$or of nothing', { $or: [] }, true], ['$nor', { $nor: [{ locale: 'en' }, { creator: true }] }, false],
  ])('%s', (_name, condition, expected) => {
    expect(holds(condition)).toBe(expected);
  });

  test('asks for nothing that members do not have', () => {
    expect(holds({ place: { $exists: false } }, {})).toBe(true);
    expect(holds({ locale: 'de' }, {})).toBe(false);
  });

  test.each<[string, Condition, string]>([
    ['an unknown attribute', { colour: 'red' }, '"colour", which is no attribute of members; known: locale, place'],
    ['a member by id', { id: '42' }, 'named in overrides'],
    ['an unknown operator', { place: { $near: 'here' } }, '"$near" that is not known; known: $eq'],
    ['an operator that is a property of every object', { place: { constructor: 1 } }, '"constructor" that is not known'],
    ['no operator', { place: {} }, '{} stands where'],
    ['an object to equal', { place: { $eq: { city: 'Berlin' } } }, '$eq in the condition compares with'],
    ['a list to equal', { skills: ['SQL'] }, 'not with a list'],
    ['$in without a list', { place: { $in: 'Berlin' } }, '$in in the condition takes a list'],
    ['$and without a list', { $and: { locale: 'de' } }, '$and in the condition takes a list of conditions'],
    ['$exists without a yes or no', { place: { $exists: 'yes' } }, 'takes true or false'],
    ['$size of a half', { skills: { $size: 1.5 } }, 'takes a whole number'],
    ['a nesting without end', Array.from({ length: 20 }).reduce<Condition>((inner) => ({ $not: inner }), {}), 'more than 8 deep'],
    ['too many parts', { $or: Array.from({ length: 300 }, (_, n) => ({ place: `p${n}` })) }, 'more than 200 parts'],
  ])('with %s is refused in one sentence', (_name, condition, says) => {
    expect(() => holds(condition)).toThrow(expect.objectContaining({ code: 'client/invalidRequest', where: { field: 'condition' }, message: expect.stringContaining(says) as unknown }));
  });

  test('is never both met and not met, and $nor is the contrary of $or', () => {
    const attributes = fc.record({ locale: fc.constantFrom('de', 'en'), size: fc.integer({ min: 0, max: 5 }), skills: fc.array(fc.constantFrom('SQL', 'Rust')) }, { requiredKeys: [] });
    const simple = fc.oneof(
      fc.record({ locale: fc.constantFrom('de', 'en') }), fc.record({ size: fc.record({ $gt: fc.integer({ min: 0, max: 5 }) }) }), fc.record({ skills: fc.record({ $in: fc.array(fc.constantFrom('SQL', 'Go')) }) }),
    );
    fc.assert(fc.property(attributes, fc.array(simple, { minLength: 1, maxLength: 4 }), (member, list) => {
      const [one = {}] = list;
      expect(holds({ $not: one }, member)).toBe(!holds(one, member));
      expect(holds({ $nor: list }, member)).toBe(!holds({ $or: list }, member));
      expect(holds({ $and: list }, member)).toBe(list.every((each) => holds(each, member)));
    }), { seed: 4, numRuns: 200 });
  });
});

describe('a regular expression of a condition', () => {
  test.each([
    ['a repeated group', '(a+)+$', 'repeats a group'], ['a repeated choice', '(a|aa){2,}$', 'repeats a group'], ['many repetitions', '^a*a*a*b', 'leaves 3 things open'], ['two that may begin anywhere', '.*.*b', 'leaves 3 things open'], ['two behind a bar', '^x|.*.*b', 'leaves 3 things open'], ['optional letters', '^a?a?a?aaa', 'leaves 3 things open'],
    ['many choices', '^(|a)(|a)(|a)b', 'leaves 3 things open'], ['a reference back', '(a)\\1', 'refers back'], ['a named reference back', '(?<x>a)\\k<x>', 'leave out names'], ['a look ahead', '(?=a)b', 'looks ahead'],
    ['a look behind', '(?<!a)b', 'looks ahead'], ['too long', 'a'.repeat(65), '65 characters'], ['no expression', '[z-a]', 'no regular expression'], ['an open group', '(a', 'no regular expression'], ['nothing', '', 'as text'],
  ])('%s is refused', (_name, source, says) => {
    expect(() => holds({ place: { $regex: source } })).toThrow(says);
  });
  test.each(['^B', 'lin$', 'B[a-z]+n', '^(?:Berlin|Paris), ?DE', 'S\\.A\\.', '\\p{Lu}', '[*+?]', 'B.{2,5}n'])('%s is taken', (source) => {
    expect(typeof holds({ place: { $regex: source } })).toBe('boolean');
  });
  test('looks at no long text, however often it might match', () => {
    expect(holds({ place: { $regex: 'x.*x' } }, { place: `x${'y'.repeat(200)}x` })).toBe(false);
  });
});
