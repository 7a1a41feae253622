import { expect, test } from 'vitest';
import { cardHead } from '../../../src/catalog/cards.ts';
import type { Millis } from '../../../src/core/ids.ts';

const card = (kind: string, attributes: Readonly<Record<string, unknown>>): { title: string; untitled: boolean; text: string | null } =>
  JSON.parse(`${cardHead({ kind, id: '-1a2b3c', createdAt: 0 as Millis, attributes })}null}`) as { title: string; untitled: boolean; text: string | null };
const check = (text: string, title: string, rest: string | null): void => { expect(card('post', { text })).toMatchObject({ title, text: rest, untitled: false }); };

test('the first sentence of a post is its title, and is not said twice', () => {
  check('A talk on error budgets. The best question came last.', 'A talk on error budgets.', 'The best question came last.');
  check('One sentence alone', 'One sentence alone', null);
  check('First line\nsecond line', 'First line', 'second line');
  check('Version 2.1 is out', 'Version 2.1 is out', null);
});

test('a post that begins with a long sentence is cut for its title and told whole below', () => {
  const text = `${'word '.repeat(60)}end.`;
  const { title, text: rest } = card('post', { text });
  expect(title.length).toBeLessThanOrEqual(120);
  expect(title.endsWith('…')).toBe(true);
  expect(rest).toBe(text);
});

test('what has no title says so, by kind and the beginning of its id', () => {
  expect(card('article', {})).toMatchObject({ title: 'Article 1a2b', untitled: true, text: null });
  expect(card('post', {})).toMatchObject({ title: 'Post 1a2b', untitled: true });
});

test('an event says when it begins, and nothing else does', () => {
  expect(card('event', { title: 'Meet-up', startsAt: '2026-12-03T19:00:00+01:00' })).toMatchObject({ title: 'Meet-up', startsAt: '2026-12-03T18:00:00.000Z' });
  for (const [kind, attributes] of [['event', { title: 'Some day' }], ['campaign', { startsAt: '2026-12-03T19:00:00+01:00' }]] as const) expect(card(kind, attributes)).not.toHaveProperty('startsAt');
});
