/**
 * CI&T Deskdrop (Kaggle, ODbL 1.0): a year of colleagues viewing, liking, bookmarking, commenting and following shared
 * articles. The whole file is checked before the first record is handed on: a bad line imports nothing.
 */
import { createHash } from 'node:crypto';
import { CsvError, parse } from 'csv-parse/sync';
import { printable } from '../core/ids.ts';
import { readFirst, refuse } from './files.ts';
import { entity, type Imported } from './importer.ts';

const COLUMNS = ['timestamp', 'eventType', 'contentId', 'personId', 'sessionId', 'userCountry'] as const;
const ACTION_OF: ReadonlyMap<string, string> = new Map([['VIEW', 'view'], ['LIKE', 'like'], ['BOOKMARK', 'save'], ['COMMENT CREATED', 'comment'], ['FOLLOW', 'follow']]);
const SOURCE = { name: 'CI&T Deskdrop', offeredAt: 'https://www.kaggle.com/datasets/gspmoreira/articles-sharing-reading-from-cit-deskdrop' };

interface Touch { readonly at: number; readonly action: string; readonly article: string; readonly person: string; readonly country: string }

const records = (text: string, file: string): string[][] => {
  try {
    return parse(text, { bom: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : 1;
    const columns = Array.isArray(error['record']) ? `has ${error['record'].length} fields where ${COLUMNS.length} belong` : 'is not valid CSV';
    throw refuse(`${file}, line ${line}: ${columns}; the file may be cut short`, { file, line }, error);
  }
};

const INTEGER = /^-?\d{1,19}$/;
const FIRST_SECOND = Date.UTC(2000, 0, 1) / 1000;
const LAST_SECOND = Date.UTC(2100, 0, 1) / 1000;

/** What each field must look like, and how to say so. */
const RULES: Readonly<Record<(typeof COLUMNS)[number], { readonly valid: (value: string) => boolean; readonly must: string }>> = {
  timestamp: { valid: (value) => /^\d{1,12}$/.test(value) && Number(value) >= FIRST_SECOND && Number(value) < LAST_SECOND, must: 'Unix seconds between 2000 and 2100' },
  eventType: { valid: (value) => ACTION_OF.has(value), must: `one of ${[...ACTION_OF.keys()].join(', ')}` },
  contentId: { valid: (value) => INTEGER.test(value), must: 'an integer' },
  personId: { valid: (value) => INTEGER.test(value), must: 'an integer' },
  sessionId: { valid: (value) => INTEGER.test(value), must: 'an integer' },
  userCountry: { valid: (value) => /^(?:[A-Z]{2})?$/.test(value), must: 'a two-letter country code or empty' },
};

const toTouch = (record: readonly string[], where: { readonly file: string; readonly line: number }): Touch => {
  COLUMNS.forEach((field, column) => {
    const value = record[column] ?? '';
    if (!RULES[field].valid(value)) throw refuse(`${where.file}, line ${where.line}, field ${field}: "${printable(value)}" is not ${RULES[field].must}`, { ...where, field });
  });
  const [seconds = '', type = '', article = '', person = '', , country = ''] = record;
  return { at: Number(seconds) * 1000, action: ACTION_OF.get(type) ?? '', article, person, country };
};

const readTouches = async (folder: string): Promise<readonly Touch[]> => {
  const { file, text } = await readFirst(folder, ['users_interactions.csv'], SOURCE);
  const [header, ...rows] = records(text, file);
  if (header === undefined) throw refuse(`${file} is empty; its first line must be ${COLUMNS.join(',')}`, { file, line: 1 });
  if (header.join() !== COLUMNS.join()) throw refuse(`${file}, line 1: the header is "${printable(header.join())}", it must be ${COLUMNS.join(',')}`, { file, line: 1 });
  if (rows.length === 0) throw refuse(`${file} has a header and no events`, { file, line: 1 });
  // Sorting is stable: events of the same second keep the order of the file.
  return rows.map((row, i) => toTouch(row, { file, line: i + 2 })).sort((a, b) => a.at - b.at);
};

/**
 * Entities and events in order of time, an entity just before its first event. Event ids depend on the content alone, so a
 * second import repeats the first; a repeat within one second is told apart by its count.
 * @throws client/invalidData with file, line and field
 */
export async function* readDeskdrop(folder: string): AsyncGenerator<Imported> {
  const touches = await readTouches(folder);
  const countries = new Map<string, string>();
  for (const { person, country } of touches) if (country !== '' && !countries.has(person)) countries.set(person, country);
  const seen = new Set<string>();
  const repeats = new Map<string, number>();
  for (const { at, action, article, person } of touches) {
    if (!seen.has(`m${person}`)) {
      const country = countries.get(person);
      yield entity('member', person, { at, attributes: country === undefined ? {} : { place: country } });
    }
    if (!seen.has(`a${article}`)) yield entity('article', article, { at, attributes: {} });
    seen.add(`m${person}`).add(`a${article}`);
    const key = `${person} ${article} ${action} ${at}`;
    const repeat = repeats.get(key) ?? 0;
    repeats.set(key, repeat + 1);
    const digest = createHash('sha256').update(repeat === 0 ? key : `${key} ${repeat}`).digest('hex').slice(0, 24);
    yield { type: 'event', event: { type: 'action', id: `deskdrop-${digest}`, member: `member:${person}`, item: `article:${article}`, at: new Date(at).toISOString(), action } };
  }
}
