import { describe, expect, test } from 'vitest';
import { WHY_WORDS } from '../../../src/feed/why.ts';
import { REASON_CODES, REASONS, reasonText, UNNAMED, type ReasonCode, type Spoken } from '../../../src/rankers/reasons.ts';
import { checkMessage, LOCALES, type Message } from '../../../src/words/words.ts';

const messages: readonly (readonly [string, Message])[] = [...Object.entries<Message>(REASONS), ...Object.entries<Message>(UNNAMED).map(([code, message]) => [`${code} without skills`, message] as const), ...Object.entries<Message>(WHY_WORDS).map(([key, message]) => [`why: ${key}`, message] as const)];

test.each(messages)('%s is there in every locale and passes the check', (_key, message) => {
  expect(Object.keys(message).toSorted()).toEqual([...LOCALES].toSorted());
  expect(checkMessage(message)).toEqual([]);
});

test.each(REASON_CODES)('%s is said in every locale, with nothing left to fill in', (code) => {
  for (const locale of LOCALES) {
    const said = reasonText(code, { names: ['Ana', 'Ben'], total: 3, terms: ['PostgreSQL', 'MySQL'] }, locale);
    expect(said).not.toMatch(/[{}]/u);
    expect(reasonText(code, { names: [], total: 0, terms: [] }, locale)).not.toMatch(/[{}]/u);
  }
});

describe('a reason', () => {
  const said = (code: ReasonCode, spoken: Partial<Spoken>, locale: string): string => reasonText(code, { names: ['Ana'], total: 1, terms: [], ...spoken }, locale).replaceAll(/[\u2068\u2069]/gu, '');

  test.each<[string, ReasonCode, Partial<Spoken>, readonly string[]]>([
    ['names one actor', 'networkShared', {}, ['Ana shared this', 'Geteilt von Ana', 'مشاركة من Ana', 'Anaがシェア']],
    ['names two', 'networkLiked', { names: ['Ana', 'Ben'], total: 2 }, ['Ana and Ben liked this', 'Gefällt Ana und Ben', 'نال هذا إعجاب Ana وBen', 'AnaとBenが「いいね」']],
    ['counts the others', 'connectionsAttend', { total: 3 }, ['Attended by Ana and 2 others', 'Zugesagt: Ana und noch 2 Personen', 'بحضور Ana وشخصين آخرين', 'Anaほか2人が参加予定']],
    ['names skills', 'adjacentSkill', { terms: ['SQL', 'R'] }, ['Your SQL carries over to R', 'SQL ist eine gute Grundlage für R', 'خبرتك في SQL تفيد في R', 'SQLの経験がRに生かせます']],
    ['says so where skills are not given', 'courseNext', { terms: ['SQL'] }, ['A step from skills of yours', 'Nur einen Schritt von vorhandenen Fähigkeiten entfernt', 'على بُعد خطوة من مهاراتك', 'お持ちのスキルの次の一歩']],
    ['never reads what a member wrote as a pattern', 'networkPosted', { names: ["{known} '{' <b>"], terms: ['SQL', 'R'] }, ["{known} '{' <b> posted this", "Beitrag von {known} '{' <b>", "منشور من {known} '{' <b>", "{known} '{' <b>が投稿"]],
  ])('%s', (...[, code, spoken, sentences]) => {
    expect(LOCALES.map((locale) => said(code, spoken, locale))).toEqual(sentences);
  });

  test('takes a gendered verb where the only actor states a gender, and a noun for everybody else', () => {
    const posted = (spoken: Partial<Spoken>): string => said('networkPosted', { names: ['سارة', 'علي'], ...spoken }, 'ar');
    expect([{ gender: 'feminine' }, { gender: 'masculine' }, {}, { gender: undefined }, { gender: 'feminine', total: 2 }].map(posted)).toEqual(['نشرت سارة هذا', 'نشر سارة هذا', 'منشور من سارة', 'منشور من سارة', 'منشور من سارة وعلي']);
  });
});
