/**
 * Reads sequences from a file: lines of `user item`, with a time and an action where there are some, or lines of one member each; plain
 * or gzip; separated by tabs, commas, `::`, `;`, `|` or spaces; with a header or without. The form is found, not asked for.
 */
import { printable } from '../../core/ids.ts';
import type { SequenceData } from './data.ts';
import { createEventColumns, type EventColumns } from './events.ts';
import { formOf, secondsOf, timedItem, type ColumnNames, type Form } from './forms.ts';
import { readLines, refuse } from './lines.ts';

/** Lines looked at before the form of a file is decided. */
const SAMPLE_LINES = 10_000;
/** Actions are bytes in `SequenceData`. */
const ACTIONS_MAX = 256;

export interface ReadOptions {
  /** What the columns are called, where it is known; another header is refused. */
  readonly columns?: ColumnNames;
}

/** What was found and what was done about it, for people. */
export interface ReadReport {
  readonly file: string;
  readonly form: string;
  readonly lines: number;
  readonly events: number;
  /** Of the uncompressed content. */
  readonly bytes: number;
  readonly sha256: string;
  readonly blankLines: number;
  /** Members whose line names no item: there is nothing to learn from them, and they are left out. */
  readonly emptyMembers: number;
  /** Events dated before the one above them of the same member; sorted by time, equal times in the order of the file. */
  readonly outOfOrder: number;
}

export interface ReadSequences { readonly data: SequenceData; readonly report: ReadReport }

interface Line { readonly text: string; readonly file: string; readonly line: number }

const MISSING = /^(?:|nan|[+-]?inf(?:inity)?|null|none|undefined|n\/a)$/iu;

const id = (value: string | undefined, role: string, at: Line): string => {
  if (value === undefined || MISSING.test(value)) throw refuse(`${at.file}, line ${at.line}: the ${role} is "${printable(value ?? '')}", which is no id; remove the line or give it one`, { file: at.file, line: at.line, field: role });
  return value;
};

const time = (value: string | undefined, form: Form, at: Line): number => {
  const seconds = secondsOf(value ?? '', form.timeForm ?? 'seconds');
  if (Number.isNaN(seconds)) throw refuse(`${at.file}, line ${at.line}: "${printable(value ?? '')}" is not a time in ${form.timeForm === 'day' ? 'the form yyyymmdd' : form.timeForm === 'date' ? 'ISO 8601' : `finite ${form.timeForm ?? 'seconds'}`}, as the file has elsewhere`, { file: at.file, line: at.line, field: 'time' });
  return seconds;
};

const addEvent = (fields: readonly string[], form: Form, into: { readonly columns: EventColumns; readonly at: Line }): void => {
  const { at, columns } = into;
  const { columns: place } = form;
  if (fields.length !== form.fields) throw refuse(`${at.file}, line ${at.line}: "${printable(at.text)}" has ${fields.length} ${fields.length === 1 ? 'field' : 'fields'} where ${form.fields ?? 2} belong (${form.words})`, { file: at.file, line: at.line });
  columns.add(id(fields[place.user], 'user', at), id(fields[place.item], 'item', at), {
    ...(place.time === undefined ? {} : { seconds: time(fields[place.time], form, at) }),
    ...(place.action === undefined ? {} : { action: fields[place.action] ?? '' }),
  });
};

const addMember = (fields: readonly string[], form: Form, into: { readonly columns: EventColumns; readonly at: Line }): void => {
  const { at, columns } = into;
  const user = id(fields[0], 'user', at);
  const step = form.kind === 'items times' ? 2 : 1;
  if (step === 2 && fields.length % 2 === 0) throw refuse(`${at.file}, line ${at.line}: an item without a time (${form.words})`, { file: at.file, line: at.line });
  for (let i = 1; i < fields.length; i += step) {
    const field = fields[i] ?? '';
    if (form.kind === 'items') { columns.add(user, id(field, 'item', at)); continue; }
    const timed = form.kind === 'items times' ? { item: field, time: fields[i + 1] ?? '' } : timedItem(field);
    if (timed === undefined) throw refuse(`${at.file}, line ${at.line}: "${printable(field)}" is not item:time (${form.words})`, { file: at.file, line: at.line });
    columns.add(user, id(timed.item, 'item', at), { seconds: time(timed.time, form, at) });
  }
};

interface Reader { readonly lines: (lines: readonly string[], first: number) => void; readonly end: () => { readonly form: Form; readonly columns: EventColumns; readonly blankLines: number; readonly emptyMembers: number } }

/** Holds the first lines back until they are enough to tell the form. */
const createReader = (file: string, options: ReadOptions): Reader => {
  let held: { readonly text: string; readonly line: number }[] = [];
  let started: { readonly form: Form; readonly columns: EventColumns } | undefined;
  let blankLines = 0;
  let emptyMembers = 0;
  let headerLeft = false;
  const take = (text: string, line: number): void => {
    if (started === undefined) return;
    if (headerLeft) { headerLeft = false; return; }
    const { form, columns } = started;
    const fields = form.split(text);
    if (form.kind === 'events') addEvent(fields, form, { columns, at: { text, file, line } });
    else if (fields.length < 2) emptyMembers++;
    else addMember(fields, form, { columns, at: { text, file, line } });
  };
  const start = (): { readonly form: Form; readonly columns: EventColumns } => {
    if (held.length === 0) throw refuse(`${file} is empty; write lines of "user item" in time order`, { file });
    const form = formOf({ lines: held.map(({ text }) => text), file, names: options.columns });
    started = { form, columns: createEventColumns({ time: form.timeForm !== undefined, action: form.columns.action !== undefined }) };
    headerLeft = form.header;
    for (const { text, line } of held) take(text, line);
    held = [];
    return started;
  };
  const one = (raw: string, line: number): void => {
    const text = line === 1 && raw.startsWith('\uFEFF') ? raw.slice(1) : raw;
    if (text.trim() === '') blankLines++;
    else if (started !== undefined) take(text, line);
    else if (held.push({ text, line }) === SAMPLE_LINES) start();
  };
  return {
    lines: (lines, first) => { for (let i = 0; i < lines.length; i++) one(lines[i] ?? '', first + i); },
    end: () => ({ ...(started ?? start()), blankLines, emptyMembers }),
  };
};

/**
 * Sequences of a file, members and items numbered from 0 in the order in which they come.
 * @throws client/notFound; client/invalidData naming the line that is no event, holds an id that is none or a time that is none, or
 * naming the file when it is empty, binary, or knows fewer than two items
 */
export const readSequences = async (file: string, options: ReadOptions = {}): Promise<ReadSequences> => {
  const reader = createReader(file, options);
  const read = await readLines(file, reader.lines);
  const { form, columns, blankLines, emptyMembers } = reader.end();
  if (columns.count() === 0) throw refuse(`${file} holds no event; write lines of "user item" in time order`, { file });
  const { data, outOfOrder } = columns.sequences();
  if (data.items < 2) throw refuse(`${file} knows one item only ("${printable(data.itemNames[0] ?? '')}"); there is nothing to rank`, { file });
  if ((data.actions?.length ?? 0) > ACTIONS_MAX) throw refuse(`${file} has ${data.actions?.length ?? 0} kinds of action, at most ${ACTIONS_MAX} are read; is this the column that names the action?`, { file });
  return { data, report: { file, form: form.words, ...read, events: columns.count(), blankLines, emptyMembers, outOfOrder } };
};
