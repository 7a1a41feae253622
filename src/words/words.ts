/** Sentences in the reader's language: ICU MessageFormat patterns by locale. What members wrote is put in as it is and never read as a pattern. */
import { IntlMessageFormat } from 'intl-messageformat';
import { directionOf, embedded, type Direction } from './bidi.ts';

/** Languages that everything here is said in. Messages of plug-ins may know more, or English alone. */
export const LOCALES = ['en', 'de', 'ar', 'ja'] as const;
export type Locale = (typeof LOCALES)[number];

/** Patterns by language tag; English is always there. */
export type Message = Readonly<{ en: string } & { [locale: string]: string }>;
/** A message of ours: in every locale, so that the compiler finds the missing one. */
export type Translated = Readonly<Record<Locale, string>>;

const FALLBACK: Locale = 'en';
const DIRECTIONS: ReadonlyMap<Locale, Direction> = new Map(LOCALES.map((locale) => [locale, directionOf(locale)]));
const MOST_CHARACTERS = 300;
/** Some hundred patterns are ours; the rest is for plug-ins. */
const MOST_FORMATS = 4000;

/** Makes what is asked for once. Where there are too many, the oldest goes: plug-ins may make up a pattern for each card. */
const remembered = <Value>(most: number): ((key: string, make: () => Value) => Value) => {
  const kept = new Map<string, Value>();
  return (key, make) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = make();
    if (kept.size >= most) for (const oldest of kept.keys()) { kept.delete(oldest); break; }
    kept.set(key, made);
    return made;
  };
};

/** The tags to look for, most exact first: zh-Hant-TW, zh-Hant, zh. Source: RFC 4647, section 3.4. */
const chainOf = (tag: string): readonly string[] => {
  const parts = tag.split('-');
  return parts.map((_part, i) => parts.slice(0, parts.length - i).join('-'));
};

const canonical = (tag: string): string | undefined => {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
};

const chains = remembered<readonly string[]>(1000);
const lookup = (locale: string): readonly string[] => chains(locale, () => chainOf(canonical(locale) ?? FALLBACK));

/** The best that we have for a BCP 47 tag: de for de-AT, and en for what is unknown or no tag. */
export const matchLocale = (requested: string): Locale => {
  const asked = lookup(requested);
  return LOCALES.find((locale) => asked.includes(locale)) ?? FALLBACK;
};

type Element = ReturnType<IntlMessageFormat['getAst']>[number];
interface Arguments { readonly shown: Set<string>; readonly counted: Set<string>; readonly chosen: Set<string> }

const ARGUMENT = 1;
const LITERAL = 0;

/** Notes what a pattern takes: texts shown as they are, numbers and times, and what only chooses between wordings. */
const noteArguments = (elements: readonly Element[], into: Arguments): Arguments => {
  for (const element of elements) {
    if (!('value' in element) || Number(element.type) === LITERAL) continue;
    const isPlural = 'pluralType' in element;
    if ('options' in element) for (const option of Object.values(element.options)) noteArguments(option.value, into);
    if (Number(element.type) === ARGUMENT) into.shown.add(element.value);
    else if ('options' in element && !isPlural) into.chosen.add(element.value);
    else into.counted.add(element.value);
  }
  return into;
};

/** Shared by all patterns, and with a time zone of its own: what is said does not depend on where the server stands. */
const numberFormats = remembered<Intl.NumberFormat>(500);
const timeFormats = remembered<Intl.DateTimeFormat>(500);
const pluralRules = remembered<Intl.PluralRules>(500);
const formatters = {
  getNumberFormat: (...args: ConstructorParameters<typeof Intl.NumberFormat>): Intl.NumberFormat => numberFormats(JSON.stringify(args), () => new Intl.NumberFormat(...args)),
  getDateTimeFormat: (...[locales, options]: ConstructorParameters<typeof Intl.DateTimeFormat>): Intl.DateTimeFormat =>
    timeFormats(JSON.stringify([locales, options]), () => new Intl.DateTimeFormat(locales, { timeZone: 'UTC', ...options })),
  getPluralRules: (...args: ConstructorParameters<typeof Intl.PluralRules>): Intl.PluralRules => pluralRules(JSON.stringify(args), () => new Intl.PluralRules(...args)),
};

/** Tags are letters like any other: nothing here writes markup. @throws SyntaxError, RangeError */
const parsed = (pattern: string, locale: string): IntlMessageFormat => new IntlMessageFormat(pattern, locale, undefined, { ignoreTag: true, formatters });
const argumentsOf = (format: IntlMessageFormat): Arguments => noteArguments(format.getAst(), { shown: new Set(), counted: new Set(), chosen: new Set() });

/** A pattern ready to be said; undefined where the values do not suit it. */
type Compiled = (values: Readonly<Record<string, string | number>>) => string | undefined;

/** Most patterns are texts and names alone: they are joined here, at a tenth of the cost. */
const joining = (elements: readonly Element[], direction: Direction): Compiled | undefined => {
  const parts: { readonly isName: boolean; readonly text: string }[] = [];
  for (const element of elements) {
    const type = Number(element.type);
    if (!('value' in element) || (type !== LITERAL && type !== ARGUMENT)) return undefined;
    parts.push({ isName: type === ARGUMENT, text: element.value });
  }
  return (values) => {
    let said = '';
    for (const { isName, text } of parts) {
      const value = !isName ? text : Object.hasOwn(values, text) ? values[text] : undefined;
      if (value === undefined) return undefined;
      said += isName && typeof value === 'string' ? embedded(value, direction) : String(value);
    }
    return said;
  };
};

const formatting = (format: IntlMessageFormat, direction: Direction): Compiled => {
  const { shown, counted, chosen } = argumentsOf(format);
  const isText = (name: string): boolean => shown.has(name) && !counted.has(name) && !chosen.has(name);
  return (values) => {
    // Without a prototype: a placeholder named like a method of every object is a missing value.
    const given: Record<string, string | number> = Object.create(null) as Record<string, string | number>;
    for (const name of chosen) given[name] = 'other';
    for (const [name, value] of Object.entries(values)) given[name] = typeof value === 'string' && isText(name) ? embedded(value, direction) : value;
    try {
      const said: unknown = format.format(given);
      return typeof said === 'string' ? said : undefined;
    } catch {
      return undefined;
    }
  };
};

const BROKEN: Compiled = () => undefined;

const compile = (pattern: string, locale: string): Compiled => {
  try {
    const format = parsed(pattern, locale);
    const direction = directionOf(locale);
    return joining(format.getAst(), direction) ?? formatting(format, direction);
  } catch {
    return BROKEN;
  }
};

const formats = remembered<Compiled>(MOST_FORMATS);
const sayIn = (message: Message, locale: string, values: Readonly<Record<string, string | number>>): string | undefined => {
  const pattern = message[locale];
  return pattern === undefined ? undefined : formats(`${locale}\n${pattern}`, () => compile(pattern, locale))(values);
};

const NO_VALUES: Readonly<Record<string, never>> = {};

/**
 * A message in the reader's locale, or its language, or English; a pattern that cannot be said with these values falls back to English
 * too, and one that is broken in English stands as it was written. Names that run the other way are isolated. Times (in Unix
 * milliseconds) are those of UTC. A value that only chooses a wording, such as `gender`, may be absent: the neutral wording is taken.
 */
export const say = (message: Message, locale: string, values: Readonly<Record<string, string | number>> = NO_VALUES): string => {
  const best = lookup(locale).find((tag) => Object.hasOwn(message, tag)) ?? FALLBACK;
  return sayIn(message, best, values) ?? sayIn(message, FALLBACK, values) ?? message.en;
};

/** German and Arabic lists stand behind prepositions as well ("von", "من"): wordings that no case changes, and the Arabic dual in its oblique form. */
const LISTS = {
  someone: { en: 'Someone', de: 'Jemand', ar: 'شخص ما', ja: '誰か' },
  people: {
    en: '{count, plural, one {# person} other {# people}}', de: '{count, plural, one {# Person} other {# Personen}}',
    ar: '{count, plural, one {شخص واحد} two {شخصين} few {# أشخاص} many {# شخصًا} other {# شخص}}', ja: '{count, plural, other {#人}}',
  },
  pair: { en: '{first} and {second}', de: '{first} und {second}', ar: '{first} و{second}', ja: '{first}と{second}' },
  /** Behind the first name: in each of the four languages it comes first. */
  others: {
    en: ' and {count, plural, one {# other} other {# others}}', de: ' und noch {count, plural, one {# Person} other {# Personen}}',
    ar: ' و{count, plural, one {شخص آخر} two {شخصين آخرين} few {# أشخاص آخرين} many {# شخصًا آخر} other {# شخص آخر}}', ja: 'ほか{count, plural, other {#人}}',
  },
} as const satisfies Record<string, Translated>;

/** Many cards count alike: plural forms are looked up once. */
const countedOthers = remembered<string>(1000);

/**
 * "Ana", "Ana and Ben", "Ana and 2 others".
 * @param names those that may be shown, the first ones first
 * @param total how many there are, named or not
 */
export const listed = (names: readonly string[], total: number, locale: string): string => {
  const [first, second] = names;
  const known = matchLocale(locale);
  if (first === undefined) return total > 1 ? say(LISTS.people, known, { count: total }) : say(LISTS.someone, known);
  if (total === 2 && second !== undefined) return say(LISTS.pair, known, { first, second });
  const name = embedded(first, DIRECTIONS.get(known) ?? 'ltr');
  return total <= 1 ? name : name + countedOthers(`${known}${total}`, () => say(LISTS.others, known, { count: total - 1 }));
};

/** British English, for our English lists have no comma before their last word. */
const listFormats = new Map(LOCALES.map((locale) => [locale, new Intl.ListFormat(locale === 'en' ? 'en-GB' : locale, { type: 'conjunction' })]));

/** Phrases of ours in one sentence: "a, b and c". */
export const joined = (phrases: readonly string[], locale: string): string => listFormats.get(matchLocale(locale))?.format(phrases) ?? phrases.join(', ');

const problemsOf = (locale: string, pattern: unknown): readonly string[] => {
  if (typeof pattern !== 'string' || pattern.trim() === '') return [`${locale}: there is no text; write one or leave the locale out`];
  if (pattern.length > MOST_CHARACTERS) return [`${locale}: the pattern has ${pattern.length} characters; write at most ${MOST_CHARACTERS}`];
  const markup = pattern.includes('<') ? [`${locale}: the pattern has a "<"; words are plain text, so leave markup out`] : [];
  if (canonical(locale) !== locale) return [...markup, `${locale} is not a language tag as it is usually written, such as de or pt-BR`];
  try {
    const { shown, counted } = argumentsOf(parsed(pattern, locale));
    const sample = Object.fromEntries([...shown, ...counted].map((name) => [name, 1]));
    return compile(pattern, locale)(sample) === undefined ? [...markup, `${locale}: the pattern cannot be said; see its number and date formats`] : markup;
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return [...markup, cause === 'MISSING_OTHER_CLAUSE' ? `${locale}: a plural or select has no "other"; add one, it is said where nothing else fits` : `${locale}: the pattern cannot be read (${cause}); see the syntax of ICU MessageFormat`];
  }
};

/** What a caller has to give: whatever only chooses a wording may be there in one language and not in another. */
const placeholdersOf = (pattern: string, locale: string): readonly string[] => {
  const { shown, counted } = argumentsOf(parsed(pattern, locale));
  return [...new Set([...shown, ...counted])].sort();
};
const written = (names: readonly string[]): string => names.map((name) => `{${name}}`).join(' ') || 'none';

/** Names of the values that a message is said with, in the order of the alphabet. Of a message that `checkMessage` finds nothing wrong with. */
export const valuesOf = (message: Message): readonly string[] => placeholdersOf(message.en, FALLBACK);

/**
 * What is wrong with a message, one sentence each, beginning with its locale; empty where all is well.
 * @param given names of the values that it will be said with; absent: whatever it asks for
 */
export const checkMessage = (message: Message, given?: readonly string[]): readonly string[] => {
  if (!Object.hasOwn(message, FALLBACK)) return ['en is missing; it is what everybody reads whose language is not there'];
  const problems = Object.entries(message).flatMap(([locale, pattern]) => problemsOf(locale, pattern));
  if (problems.length > 0) return problems;
  const asked = placeholdersOf(message.en, FALLBACK);
  const unknown = given === undefined ? [] : asked.filter((name) => !given.includes(name));
  const differing = Object.entries(message).flatMap(([locale, pattern]) => {
    const here = written(placeholdersOf(pattern, locale));
    return here === written(asked) ? [] : [`${locale}: the placeholders are ${here}, and those of en ${written(asked)}; they must be the same`];
  });
  return unknown.length === 0 ? differing : [...differing, `en: nothing fills ${written(unknown)}; there is ${written(given ?? [])}`];
};
