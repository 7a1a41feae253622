import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkMessage, joined, listed, LOCALES, matchLocale, say, type Message } from '../../../src/words/words.ts';

const FSI = '\u2068';
const PDI = '\u2069';
const GREETING: Message = { en: 'Hello {name}', de: 'Hallo {name}', ar: 'مرحبًا {name}', ja: '{name}、こんにちは' };
const PEOPLE: Message = {
  en: '{count, plural, one {# person} other {# people}}',
  ar: '{count, plural, zero {zero #} one {one #} two {two #} few {few #} many {many #} other {other #}}',
  ja: '{count, plural, other {#人}}',
};
const AND = { en: ' and ', de: ' und ', ar: ' و', ja: 'と' } as const;

describe('a locale', () => {
  test.each([['de-AT', 'de'], ['DE', 'de'], ['ar-EG', 'ar'], ['ja-JP-u-ca-japanese', 'ja'], ['en-GB', 'en'], ['fr', 'en'], ['x', 'en'], ['', 'en'], ['not a tag', 'en']])('%s is met by %s', (asked, met) => {
    expect(matchLocale(asked)).toBe(met);
  });

  test('that is not there falls back to its language, and then to English', () => {
    const message: Message = { 'en': 'colour', 'pt': 'cor', 'pt-BR': 'cor do Brasil', 'zh-Hant': '顏色' };
    expect(['pt-BR', 'pt-br', 'pt-PT', 'pt', 'zh-Hant-TW', 'zh', 'en-US', 'xx', 'constructor'].map((locale) => say(message, locale)))
      .toEqual(['cor do Brasil', 'cor do Brasil', 'cor', 'cor', '顏色', 'colour', 'colour', 'colour', 'colour']);
  });
});

describe('a message', () => {
  test.each([['en', [0, 1, 2], ['0 people', '1 person', '2 people']], ['ar', [0, 1, 2, 3, 11, 100], ['zero 0', 'one 1', 'two 2', 'few 3', 'many 11', 'other 100']], ['ja', [0, 1, 2], ['0人', '1人', '2人']]] as const)('takes the plural forms of %s', (locale, counts, said) => {
    expect(counts.map((count) => say(PEOPLE, locale, { count }))).toEqual(said);
  });

  test.each(['{count, plural, one {x} other {y}}', '<b>', "'{'", '{name}', '#', "it's", '{', '}', '$&', '\\u0041'])('shows what a member wrote as it is: %s', (name) => {
    expect(say(GREETING, 'en', { name })).toBe(`Hello ${name}`);
    expect(say(GREETING, 'ja', { name })).toBe(`${name}、こんにちは`);
    expect(say(GREETING, 'ar', { name }).replaceAll(/[\u2068\u2069]/gu, '')).toBe(`مرحبًا ${name}`);
  });

  test('never fails and never changes what a member wrote, whatever it is', () => {
    const values = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('{', '}', "'", '#', '<', '>', 'a', 'א', '،', FSI, PDI, '\u202E', '\u200F', ' ') }));
    const invisible = /[\u202A-\u202E\u2066-\u2069]/gu;
    fc.assert(fc.property(values, fc.constantFrom(...LOCALES), (name, locale) => {
      expect(say(GREETING, locale, { name }).replaceAll(invisible, '')).toBe((GREETING[locale] ?? '').replace('{name}', () => name).replaceAll(invisible, ''));
      expect(listed([name, name], 2, locale).replaceAll(invisible, '')).toBe([name, name].join(AND[locale]).replaceAll(invisible, ''));
    }), { seed: 5 });
  });

  test('whose pattern cannot be said in a locale is said in English, and a wrong English one stands as it was written', () => {
    expect(say({ en: 'Hello {name}', de: 'Hallo {name' }, 'de', { name: 'Ana' })).toBe('Hello Ana');
    expect(say({ en: 'Hello {name}', de: 'Hallo {nome}' }, 'de', { name: 'Ana' })).toBe('Hello Ana');
    expect(say({ en: 'On {when, date}', de: 'Am {when, date}' }, 'de', { when: 'soon' })).toBe('On {when, date}');
    expect(say({ en: 'Hello {constructor}' }, 'en')).toBe('Hello {constructor}');
    expect(say({ en: 'Hello {name' }, 'ja')).toBe('Hello {name');
  });

  test('takes the neutral wording unless a value chooses another', () => {
    const message: Message = { en: '{actor} wrote', ar: '{gender, select, feminine {كتبت {actor}} masculine {كتب {actor}} other {كتابة من {actor}}}' };
    expect([{}, { gender: 'feminine' }, { gender: 'masculine' }, { gender: 'what?' }].map((gender) => say(message, 'ar', { actor: 'سارة', ...gender }))).toEqual(['كتابة من سارة', 'كتبت سارة', 'كتب سارة', 'كتابة من سارة']);
  });

  test('tells times in UTC, wherever the server stands', () => {
    expect(say({ en: '{at, date, medium}' }, 'en', { at: Date.UTC(2026, 0, 1, 0, 30) })).toBe('Jan 1, 2026');
    expect(say({ en: '{at, date, medium}' }, 'en', { at: Date.UTC(2026, 0, 1, 23, 30) })).toBe('Jan 1, 2026');
  });

  test('is said alike after more patterns than are kept', () => {
    const before = say(GREETING, 'de', { name: 'Ana' });
    for (let n = 0; n < 5000; n++) say({ en: `{name} ${n}` }, 'en', { name: 'x' });
    expect(say(GREETING, 'de', { name: 'Ana' })).toBe(before);
  });
});

describe('a name that runs the other way', () => {
  test('is isolated, and one that runs along is not', () => {
    expect(say(GREETING, 'ar', { name: 'Ana' })).toBe(`مرحبًا ${FSI}Ana${PDI}`);
    expect(say(GREETING, 'ar', { name: 'سارة' })).toBe('مرحبًا سارة');
    expect(say(GREETING, 'ar', { name: '42' })).toBe(`مرحبًا ${FSI}42${PDI}`);
    expect(say(GREETING, 'en', { name: 'سارة' })).toBe(`Hello ${FSI}سارة${PDI}`);
    expect(say(GREETING, 'en', { name: 'Ana' })).toBe('Hello Ana');
    expect(say(GREETING, 'ja', { name: 'דנה (2)' })).toBe(`${FSI}דנה (2)${PDI}、こんにちは`);
  });

  test('is isolated once: a list of isolated names stays as it is', () => {
    expect(say(GREETING, 'en', { name: listed(['سارة', 'Ana'], 2, 'en') })).toBe(`Hello ${FSI}سارة${PDI} and Ana`);
    expect(say(GREETING, 'ar', { name: listed(['Ana'], 1, 'ar') })).toBe(`مرحبًا ${FSI}Ana${PDI}`);
  });

  test('cannot turn the sentence around it with overrides or by closing its isolate', () => {
    expect(say(GREETING, 'en', { name: 'Ana\u202Eevil' })).toBe('Hello Anaevil');
    expect(say(GREETING, 'ar', { name: `Ana${PDI}\u202Eevil` })).toBe(`مرحبًا ${FSI}Anaevil${PDI}`);
    expect(listed([`Ana${PDI}`, `${FSI}Ben`], 2, 'en')).toBe('Ana and Ben');
    expect(say(GREETING, 'en', { name: 'Ana\u200F' })).toBe(`Hello ${FSI}Ana\u200F${PDI}`);
  });
});

describe('a list of names', () => {
  const names = ['Ana', 'Ben', 'Cem'];
  test.each([
    ['en', ['Someone', '3 people', 'Ana', 'Ana and Ben', 'Ana and 1 other', 'Ana and 2 others']],
    ['de', ['Jemand', '3 Personen', 'Ana', 'Ana und Ben', 'Ana und noch 1 Person', 'Ana und noch 2 Personen']],
    ['ja', ['誰か', '3人', 'Ana', 'AnaとBen', 'Anaほか1人', 'Anaほか2人']],
    ['xx', ['Someone', '3 people', 'Ana', 'Ana and Ben', 'Ana and 1 other', 'Ana and 2 others']],
  ])('is told in %s', (locale, told) => {
    expect([listed([], 1, locale), listed([], 3, locale), listed(names, 1, locale), listed(names, 2, locale), listed(['Ana'], 2, locale), listed(names, 3, locale)]).toEqual(told);
  });

  test('is told in the six plural forms of Arabic', () => {
    const ana = `${FSI}Ana${PDI}`;
    expect(listed(['سارة', 'Ana'], 2, 'ar')).toBe(`سارة و${ana}`);
    expect([2, 3, 4, 12, 101].map((total) => listed(['Ana'], total, 'ar'))).toEqual([`${ana} وشخص آخر`, `${ana} وشخصين آخرين`, `${ana} و3 أشخاص آخرين`, `${ana} و11 شخصًا آخر`, `${ana} و100 شخص آخر`]);
  });
});

test('phrases are joined as each language joins them', () => {
  expect(LOCALES.map((locale) => joined(['a', 'b', 'c'], locale))).toEqual(['a, b and c', 'a, b und c', 'a وb وc', 'a、b、c']);
});

describe('the check of a message', () => {
  test.each<[string, Message, readonly string[]]>([
    ['has nothing to say about a good one', PEOPLE, []],
    ['lets a language choose a wording that another does not need', { en: '{actor} wrote', ar: '{gender, select, feminine {كتبت {actor}} other {كتابة {actor}}}' }, []],
    ['wants a text', { en: 'x', de: ' ' }, ['de: there is no text; write one or leave the locale out']],
    ['wants no markup', { en: '<b>x</b>' }, ['en: the pattern has a "<"; words are plain text, so leave markup out']],
    ['wants at most 300 characters', { en: 'x'.repeat(301) }, ['en: the pattern has 301 characters; write at most 300']],
    ['wants "other" of a plural', { en: '{n, plural, one {x}}' }, ['en: a plural or select has no "other"; add one, it is said where nothing else fits']],
    ['wants "other" of a select', { en: '{n, select, a {x}}' }, ['en: a plural or select has no "other"; add one, it is said where nothing else fits']],
    ['wants a pattern', { en: 'x', de: '{n' }, ['de: the pattern cannot be read (EXPECT_ARGUMENT_CLOSING_BRACE); see the syntax of ICU MessageFormat']],
    ['wants units that exist', { en: '{n, number, ::currency/EURO}' }, ['en: the pattern cannot be said; see its number and date formats']],
    ['wants the same placeholders everywhere', { en: '{a} {n, plural, one {{b}} other {#}}', ja: '{a} {n}{c}' }, ['ja: the placeholders are {a} {c} {n}, and those of en {a} {b} {n}; they must be the same']],
    ['wants language tags as they are written', { en: 'x', de_AT: 'y' }, ['de_AT is not a language tag as it is usually written, such as de or pt-BR']],
  ])('%s', (_title, message, problems) => {
    expect(checkMessage(message)).toEqual(problems);
  });

  test('wants placeholders that something fills, where it is known what there is', () => {
    expect(checkMessage({ en: 'From {subject}' }, ['subject'])).toEqual([]);
    expect(checkMessage({ en: 'From {subjct}' }, ['subject'])).toEqual(['en: nothing fills {subjct}; there is {subject}']);
    expect(checkMessage({ en: 'From {subject}' }, [])).toEqual(['en: nothing fills {subject}; there is none']);
  });

  test('wants English, without which there is nothing to fall back to', () => {
    const message: unknown = JSON.parse('{"de":"x"}');
    expect(checkMessage(message as Message)).toEqual(['en is missing; it is what everybody reads whose language is not there']);
  });
});
