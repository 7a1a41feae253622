/** What a file of sequences looks like, found from its first lines: what separates its fields, and which of them says what. */
import { printable } from '../../core/ids.ts';
import { refuse } from './lines.ts';

/** How a field that tells a time is written. */
export type TimeForm = 'seconds' | 'milliseconds' | 'date' | 'day';

/** Which field of a line says what, from 0. */
export interface Columns {
  readonly user: number;
  readonly item: number;
  readonly time?: number;
  readonly action?: number;
}

/** Names of the columns in a file with a header line, where a recipe knows them. */
export interface ColumnNames { readonly user: string; readonly item: string; readonly time?: string; readonly action?: string }

export interface Form {
  /** One event a line, or one member a line: alone, with `item:time`, or with a time after each item. */
  readonly kind: 'events' | 'items' | 'items:times' | 'items times';
  /** For people, and for the error about a line of another form. */
  readonly words: string;
  readonly split: (line: string) => string[];
  readonly columns: Columns;
  readonly header: boolean;
  /** Fields of every line; absent where a line is a member. */
  readonly fields?: number;
  readonly timeForm?: TimeForm;
}

const SAMPLE_MIN_SHARE = 0.5;
/** Fewer lines of one width than this are members, one a line, some of whom come twice. */
const ALIKE_MIN_SHARE = 0.6;
/** Fields of one member's line that are looked at. */
const LOOKED_AT_MAX = 1_000;
/** Unix seconds since spring 1973: smaller numbers in an unnamed third column of a file may be anything. */
const UNIX_SECONDS_MIN = 1e8;
/** As seconds this would be the year 5138. */
const MILLISECONDS_MIN = 1e11;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu;
const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/u;
const DAY = /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/u;
const TIMED_ITEM = /^(.+):([+-]?\d+(?:\.\d+)?)$/u;

/** A zone is assumed where none is written: UTC, so that a file reads alike everywhere. */
const dateSeconds = (text: string): number => {
  const iso = text.replace(' ', 'T');
  return Date.parse(iso.length === 10 ? `${iso}T00:00:00Z` : /(?:Z|[+-]\d\d:?\d\d)$/u.test(iso) ? iso : `${iso}Z`) / 1000;
};

/** Seconds since the epoch; NaN for what is not a time of that form, and for what is not finite. */
export const secondsOf = (text: string, form: TimeForm): number => {
  switch (form) {
    case 'date': return DATE.test(text) ? dateSeconds(text) : Number.NaN;
    case 'day': return DAY.test(text) ? dateSeconds(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`) : Number.NaN;
    case 'seconds': case 'milliseconds': {
      const value = NUMBER.test(text) ? Number(text) : Number.NaN;
      return Number.isFinite(value) ? (form === 'seconds' ? value : value / 1000) : Number.NaN;
    }
  }
};

export const timeFormOf = (values: readonly string[]): TimeForm => {
  const most = (test: (value: string) => boolean): boolean => values.length > 0 && values.filter(test).length > values.length * SAMPLE_MIN_SHARE;
  if (most((value) => DATE.test(value))) return 'date';
  if (most((value) => DAY.test(value))) return 'day';
  return most((value) => Number(value) >= MILLISECONDS_MIN) ? 'milliseconds' : 'seconds';
};

/** A date, a day, or Unix seconds: what a number in an unnamed field may well be. */
export const looksLikeTime = (value: string): boolean => DATE.test(value) || DAY.test(value) || (NUMBER.test(value) && Number(value) >= UNIX_SECONDS_MIN);

/** Splits at one separator; a field may stand in double quotes, within its line. */
export const quotedSplit = (separator: string) => (line: string): string[] => {
  if (!line.includes('"')) return line.split(separator).map((field) => field.trim());
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const sign = line[i] ?? '';
    if (quoted && sign === '"' && line[i + 1] === '"') { field += '"'; i++; }
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && line.startsWith(separator, i)) { fields.push(field.trim()); field = ''; i += separator.length - 1; }
    else field += sign;
  }
  return [...fields, field.trim()];
};

const splitAtAny = (signs: RegExp) => (line: string): string[] => line.trim().split(signs);
const WHITESPACE = /\s+/u;

/** The first separator that most lines hold; undefined where only white space separates. */
export const separatorOf = (lines: readonly string[]): string | undefined =>
  ['\t', '::', ',', ';', '|'].find((sign) => lines.filter((line) => line.includes(sign)).length / lines.length > SAMPLE_MIN_SHARE);

/** The first separator that most lines hold; where a second one stands inside the last of two fields, both separate. */
const splitterOf = (lines: readonly string[]): ((line: string) => string[]) => {
  const share = (test: (line: string) => boolean): number => lines.filter(test).length / lines.length;
  const separator = separatorOf(lines);
  const split = separator === undefined ? splitAtAny(WHITESPACE) : quotedSplit(separator);
  const inner = (sign: RegExp): boolean => share((line) => { const fields = split(line); return fields.length === 2 && sign.test(fields[1] ?? ''); }) > SAMPLE_MIN_SHARE;
  return inner(/[\s,]/u) ? splitAtAny(/[\s,;|]+/u) : split;
};

const NAMES = {
  user: /^(?:user|member|person|visitor|customer|reviewer|session)s?(?:[_ ]?(?:id|name))?$|^u(?:id)?$/iu,
  item: /^(?:item|movie|product|content|article|video|song|track|book|artist|business|post|job|ad|parent_asin|asin|sku|news)s?(?:[_ ]?id)?$|^i(?:id)?$/iu,
  time: /^(?:unix[_ ]?(?:review)?)?[_ ]?(?:time[_ ]?(?:stamp)?|ts|t|seconds|date(?:[_ ]?time)?|created[_ ]?at)$/iu,
  action: /^(?:action|event|behaviou?r)(?:[_ ]?type)?$/iu,
} as const;

/** `user_id:token` of RecBole's files is `user_id`. */
const plainName = (name: string): string => name.replace(/:(?:token|float|token_seq|float_seq)$/u, '').trim();

const optional = <Key extends string>(key: Key, value: number): Partial<Record<Key, number>> => (value < 0 ? {} : { [key]: value } as Partial<Record<Key, number>>);

const namedColumns = (header: readonly string[], names: ColumnNames | undefined): Columns | undefined => {
  const plain = header.map(plainName);
  const find = (role: keyof typeof NAMES): number => {
    if (names === undefined) return plain.findIndex((name) => NAMES[role].test(name));
    const wanted = names[role];
    return wanted === undefined ? -1 : plain.indexOf(wanted);
  };
  const user = find('user');
  const item = find('item');
  return user < 0 || item < 0 ? undefined : { user, item, ...optional('time', find('time')), ...optional('action', find('action')) };
};

/** Words over columns of numbers are a header, even one whose words say nothing. */
export const isWordless = (rows: readonly (readonly string[])[]): boolean => {
  const [first = [], ...rest] = rows;
  return rest.length > 0 && first.length > 1 && first.every((field) => /^[\p{L}_][\p{L}_ :.-]*$/u.test(field)) && rest.every((row) => row.every((field) => /^[\d.:+-]+$/u.test(field)));
};

const mostCommon = (counts: readonly number[]): number => {
  const seen = new Map<number, number>();
  for (const count of counts) seen.set(count, (seen.get(count) ?? 0) + 1);
  return [...seen].reduce((best, one) => (one[1] > best[1] ? one : best), [0, 0])[0];
};

/** Few small numbers that also fall along a member's events are a rating, not a time. */
const isRating = (rows: readonly (readonly string[])[], column: number): boolean => {
  const last = new Map<string, number>();
  const values = new Set<number>();
  let falls = false;
  for (const row of rows) {
    const value = Number(row[column]);
    if (!(value >= 0 && value <= 10)) return false;
    values.add(value);
    falls ||= value < (last.get(row[0] ?? '') ?? value);
    last.set(row[0] ?? '', value);
  }
  return falls && values.size <= 21;
};

const eventColumns = (rows: readonly (readonly string[])[], fields: number): Columns | undefined => {
  const whole = rows.filter((row) => row.length === fields);
  const times = (column: number): boolean => column < fields && whole.filter((row) => looksLikeTime(row[column] ?? '')).length > whole.length * SAMPLE_MIN_SHARE;
  if (fields === 2) return { user: 0, item: 1 };
  if (fields === 3) return isRating(whole, 2) ? { user: 0, item: 1 } : { user: 0, item: 1, time: 2 };
  if (fields !== 4) return undefined;
  if (times(3)) return { user: 0, item: 1, time: 3 };
  return times(2) ? { user: 0, item: 1, time: 2, action: 3 } : undefined;
};

const eventWords = (columns: Columns, timeForm: TimeForm | undefined): string =>
  `one event a line: ${['user', 'item', ...(columns.time === undefined ? [] : [`time (${timeForm ?? 'seconds'})`]), ...(columns.action === undefined ? [] : ['action'])].join(', ')}`;

const events = (shape: { readonly rows: readonly (readonly string[])[]; readonly columns: Columns; readonly fields: number }, split: Form['split'], header: boolean): Form => {
  const { rows, columns, fields } = shape;
  const { time } = columns;
  const timeForm = time === undefined ? undefined : timeFormOf(rows.filter((row) => row.length === fields).map((row) => row[time] ?? ''));
  return { kind: 'events', words: eventWords(columns, timeForm), split, columns, fields, header, ...(timeForm === undefined ? {} : { timeForm }) };
};

const memberLines = (rows: readonly (readonly string[])[], split: Form['split'], header: boolean): Form => {
  const items = rows.map((row) => row.slice(1, 1 + LOOKED_AT_MAX));
  const all = items.flat();
  const base = { split, columns: { user: 0, item: 1 }, header };
  const timed = all.map((item) => TIMED_ITEM.exec(item)?.[2]).filter((time) => time !== undefined);
  if (all.length > 0 && timed.length > all.length * 0.9) return { ...base, kind: 'items:times', words: 'one member a line: user, then item:time for each event', timeForm: timeFormOf(timed) };
  const second = items.flatMap((list) => list.filter((_, place) => place % 2 === 1));
  const first = items.flatMap((list) => list.filter((_, place) => place % 2 === 0));
  if (second.length > 0 && rows.every((row) => row.length % 2 === 1) && second.every(looksLikeTime) && !first.some(looksLikeTime)) {
    return { ...base, kind: 'items times', words: 'one member a line: user, then item and time for each event', timeForm: timeFormOf(second) };
  }
  return { ...base, kind: 'items', words: 'one member a line: user, then items in time order' };
};

export interface Sample { readonly lines: readonly string[]; readonly file: string; readonly names?: ColumnNames | undefined }

/**
 * The form of a file, from its first lines (blank ones left out). A header that names user and item decides; without one, lines whose
 * first field comes again are events, lines whose first field never does are members.
 * @throws client/invalidData where no form fits
 */
export const formOf = ({ lines, file, names }: Sample): Form => {
  const split = splitterOf(lines);
  const rows = lines.map(split);
  const [first = []] = rows;
  const named = namedColumns(first, names);
  if (named !== undefined) return events({ rows: rows.slice(1), columns: named, fields: first.length }, split, true);
  if (names !== undefined) throw refuse(`${file}, line 1: the header "${printable(first.join(' '))}" lacks ${[names.user, names.item].map((name) => `"${name}"`).join(' or ')}; this is another file`, { file, line: 1 });
  const header = isWordless(rows);
  const body = header ? rows.slice(1) : rows;
  const fields = mostCommon(body.map((row) => row.length));
  const repeats = body.length - new Set(body.map(([user]) => user)).size;
  const alike = body.filter((row) => row.length === fields).length;
  const isEvents = (repeats >= Math.max(1, body.length / 10) && alike >= body.length * ALIKE_MIN_SHARE) || (alike === body.length && (fields === 2 || (fields === 3 && body.every((row) => looksLikeTime(row[2] ?? '')))));
  if (!isEvents) return memberLines(body, split, header);
  const columns = eventColumns(body, fields);
  if (columns === undefined) throw refuse(`${file}: ${fields} ${fields === 1 ? 'field' : 'fields'} a line and no header that names user and item; write lines of "user item", "user item time" or "user item item item …"`, { file, line: 1 });
  return events({ rows: body, columns, fields }, split, header);
};

/** `item:time` taken apart. */
export const timedItem = (text: string): { readonly item: string; readonly time: string } | undefined => {
  const found = TIMED_ITEM.exec(text);
  return found === null ? undefined : { item: found[1] ?? '', time: found[2] ?? '' };
};
