/** What a file of edges looks like, found from its first lines: which fields name the two ends, and which one tells when. */
import { printable } from '../../core/ids.ts';
import { isWordless, looksLikeTime, quotedSplit, secondsOf, separatorOf, timeFormOf, type TimeForm } from '../sequences/forms.ts';
import { refuse } from '../sequences/lines.ts';

export interface EdgeForm {
  /** For people, and for the error about a line of another form. */
  readonly words: string;
  readonly split: (line: string) => string[];
  readonly header: boolean;
  /** Fields of every line, and how many of them must be there: those behind are not read. */
  readonly fields: number;
  readonly needed: number;
  /** Which field of a line says what, from 0. */
  readonly from: number;
  readonly to: number;
  readonly time?: number;
  readonly timeForm?: TimeForm;
}

type Rows = readonly (readonly string[])[];

const NAMES = {
  from: /^(?:from|source|src|sender|follower|head|a|u|i|v1|(?:user|member|person|node|vertex|author|page|id)s?(?:[_ ]?(?:id|name))?(?:[_ ]?[1a])?|from[_ ]?\w*|source[_ ]?\w*)$/iu,
  to: /^(?:to|target|dst|dest|destination|receiver|recipient|friend(?:[_ ]?id)?|followee|followed|tail|b|v|j|v2|(?:user|member|person|node|vertex|author|page|id)s?(?:[_ ]?(?:id|name))?[_ ]?[2b]|to[_ ]?\w*|target[_ ]?\w*)$/iu,
  time: /^(?:unix[_ ]?)?(?:time[_ ]?(?:stamp)?s?|ts|t|epoch|seconds|when|date(?:[_ ]?time)?|created[_ ]?at|since|year)$/iu,
} as const;

/** Fewer lines than this of another width than the rest do not tell what the width is. */
const ALIKE_MIN_SHARE = 0.5;
/** Whole numbers of which so many differ are moments; weights come again and again. */
const DISTINCT_MIN_SHARE = 0.5;
/** Whole numbers that follow the lines of the file so closely are moments too: days, years, steps. */
const ORDER_MIN_CORRELATION = 0.9;
const MOMENTS_MIN = 10;
const MIDDLE_MIN_SHARE = 0.25;

/** Splits at white space; an id with white space in it stands in double quotes. */
const spacedSplit = (line: string): string[] => (line.includes('"')
  ? [...line.matchAll(/"((?:[^"]|"")*)"|\S+/gu)].map(([whole, quoted]) => quoted?.replaceAll('""', '"') ?? whole)
  : line.trim().split(/\s+/u));

const mostCommon = (counts: readonly number[]): number => {
  const seen = new Map<number, number>();
  for (const count of counts) seen.set(count, (seen.get(count) ?? 0) + 1);
  return [...seen].reduce((best, one) => (one[1] > best[1] ? one : best), [0, 0])[0];
};

const share = (rows: Rows, column: number, test: (value: string) => boolean): number => rows.filter((row) => test(row[column] ?? '')).length / Math.max(rows.length, 1);

/** Pearson's correlation of values with their place in the file. */
const orderliness = (values: readonly number[]): number => {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [both, own, places] = [0, 0, 0];
  values.forEach((value, place) => {
    both += (value - mean) * (place - middle);
    own += (value - mean) ** 2;
    places += (place - middle) ** 2;
  });
  return own > 0 && places > 0 ? both / Math.sqrt(own * places) : 0;
};

/** Whole numbers too small to be Unix seconds: moments where they rise with the lines or nearly all differ and are spread evenly, weights else. */
const looksLikeSteps = (rows: Rows, column: number): boolean => {
  if (share(rows, column, (value) => /^\d+(?:\.0*)?$/u.test(value)) < 1) return false;
  const values = rows.map((row) => Number(row[column]));
  const distinct = new Set(values).size;
  const sorted = values.toSorted((a, b) => a - b);
  // Amounts are many small ones and few large ones; of a network's moments half lie in its later part.
  const isEven = (sorted[sorted.length >> 1] ?? 0) >= (sorted.at(-1) ?? 0) * MIDDLE_MIN_SHARE;
  return distinct >= MOMENTS_MIN && ((distinct >= values.length * DISTINCT_MIN_SHARE && isEven) || orderliness(values) >= ORDER_MIN_CORRELATION);
};

/** What a header calls a number that is not a time. */
const AMOUNT = /^(?:weights?|w|counts?|n|number|value|strength|score|rating|sign|amount|freq(?:uency)?|num\w*|times|label|type|id)$/iu;

const mostlyTimes = (rows: Rows, column: number): boolean => share(rows, column, looksLikeTime) > ALIKE_MIN_SHARE;

/** The time stands behind the ends, or, where nothing behind them is one, before them. */
const timeColumn = (rows: Rows, fields: number, header: readonly string[]): number | undefined => {
  const behind = Array.from({ length: Math.max(0, fields - 2) }, (_, i) => i + 2).filter((column) => !AMOUNT.test(header[column] ?? ''));
  return behind.find((column) => mostlyTimes(rows, column)) ?? (fields > 2 && mostlyTimes(rows, 0) && !mostlyTimes(rows, 1) ? 0 : behind.find((column) => looksLikeSteps(rows, column)));
};

interface Places { readonly from: number; readonly to: number; readonly time?: number }

const placesByName = (header: readonly string[]): Places | undefined => {
  const find = (role: keyof typeof NAMES, other = -1): number => header.findIndex((name, at) => at !== other && NAMES[role].test(name));
  const from = find('from');
  const to = find('to', from);
  const time = find('time');
  return from < 0 || to < 0 ? undefined : { from, to, ...(time < 0 || time === from || time === to ? {} : { time }) };
};

/** Names of things that are also ids of things: a first line of words is a header only where its words come nowhere else. */
const isHeader = (rows: Rows): boolean => {
  const [first = [], ...rest] = rows;
  if (isWordless(rows)) return true;
  return placesByName(first) !== undefined && !rest.some((row) => row.some((field) => first.includes(field)));
};

const placesOf = (header: readonly string[] | undefined, body: Rows, fields: number): Places => {
  const named = header === undefined ? undefined : placesByName(header);
  if (named?.time !== undefined) return named;
  const found = timeColumn(body, fields, header ?? []);
  if (named !== undefined) return found === undefined || found === named.from || found === named.to ? named : { ...named, time: found };
  return found === 0 ? { from: 1, to: 2, time: 0 } : { from: 0, to: 1, ...(found === undefined ? {} : { time: found }) };
};

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth'] as const;
const ordinal = (at: number): string => `${ORDINALS[at] ?? `${at + 1}th`} field`;

const wordsOf = ({ from, to, time }: Places, fields: number, timeForm: TimeForm | undefined): string => {
  const rest = fields - 2 - (time === undefined ? 0 : 1);
  const when = time === undefined ? '' : `, when in the ${ordinal(time)} (${timeForm ?? 'seconds'})`;
  return `one edge a line: the ends in the ${ordinal(from)} and the ${ordinal(to)}${when}${rest > 0 ? `; ${rest} other ${rest === 1 ? 'field is' : 'fields are'} not read` : ''}`;
};

/**
 * The form of a file of edges, from its first lines; blank lines and comments left out.
 * @throws client/invalidData where most lines do not name two ends
 */
export const edgeFormOf = (sample: readonly { readonly text: string; readonly line: number }[], file: string): EdgeForm => {
  const lines = sample.map(({ text }) => text);
  const separator = separatorOf(lines);
  const split = separator === undefined ? spacedSplit : quotedSplit(separator);
  const rows = lines.map(split);
  const header = isHeader(rows);
  const body = header ? rows.slice(1) : rows;
  const fields = mostCommon(body.map((row) => row.length));
  const first = sample[header ? 1 : 0];
  if (first === undefined) throw refuse(`${file} holds a header and no edge; write lines of "a b" or "a b time" below it`, { file });
  if (fields < 2) throw refuse(`${file}, line ${first.line}: "${printable(first.text)}" names no two ends; write lines of "a b" or "a b time"`, { file, line: first.line });
  const whole = body.filter((row) => row.length === fields);
  const places = placesOf(header ? rows[0] : undefined, whole, fields);
  const { time } = places;
  const timeForm = time === undefined ? undefined : timeFormOf(whole.map((row) => row[time] ?? ''));
  return { words: wordsOf(places, fields, timeForm), split, header, fields, needed: 1 + Math.max(places.from, places.to, time ?? 0), ...places, ...(timeForm === undefined ? {} : { timeForm }) };
};

/** Seconds of a line's time; NaN for what is none. */
export const secondsIn = (fields: readonly string[], { time, timeForm }: EdgeForm): number => (time === undefined ? 0 : secondsOf(fields[time] ?? '', timeForm ?? 'seconds'));
