/**
 * Reads a graph from a file: lines of `a b`, with a time where there is one; plain or gzip; separated by tabs, commas, `::`, `;`, `|` or
 * spaces; with a header or without; ids of any kind; each edge in one direction or in both, once or often. The form is found, not asked for.
 */
import { printable } from '../../core/ids.ts';
import { createNames, growing } from '../sequences/events.ts';
import { readLines, refuse } from '../sequences/lines.ts';
import { edgeFormOf, secondsIn, type EdgeForm } from './forms.ts';

/** Lines looked at before the form of a file is decided. */
const SAMPLE_LINES = 10_000;
const COMMENT = /^\s*(?:#|%|\/\/)/u;
/** A file that begins so gives its sizes in the first line that is no comment (NIST's Matrix Market). */
const MATRIX_MARKET = /^%%MatrixMarket\s/iu;
const MISSING = /^(?:nan|null|none|undefined|n\/a)?$/iu;

/** Lines of the file as they come: who, whom, when. Ends are numbered from 0 in the order in which the file names them. */
export interface EdgeEvents {
  readonly members: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Seconds since the epoch or since the file's own beginning; absent where the file knows no times. */
  readonly seconds?: Float64Array;
}

/** What was found and what was done about it, for people. */
export interface EdgeReport {
  readonly file: string;
  readonly form: string;
  readonly lines: number;
  /** Of the uncompressed content. */
  readonly bytes: number;
  readonly sha256: string;
  readonly blankLines: number;
  readonly comments: number;
  /** Lines that name one end twice: they join nobody, and are left out. */
  readonly selfLoops: number;
}

export interface ReadEdges { readonly events: EdgeEvents; readonly report: EdgeReport }

interface Line { readonly text: string; readonly line: number }

const addLine = (file: string, form: EdgeForm, into: { readonly add: (from: string, to: string, seconds: number) => void; readonly at: Line }): void => {
  const { at: { text, line } } = into;
  if ((text.split('"').length - 1) % 2 > 0) throw refuse(`${file}, line ${line}: "${printable(text)}" opens a quote that does not end; close it on the same line`, { file, line });
  const fields = form.split(text);
  // A last field that is not read, such as a weight, may be missing.
  if (fields.length !== form.fields && !(fields.length === form.fields - 1 && fields.length >= form.needed)) throw refuse(`${file}, line ${line}: "${printable(text)}" has ${fields.length} ${fields.length === 1 ? 'field' : 'fields'} where ${form.fields} belong (${form.words})`, { file, line });
  const [from = '', to = ''] = [fields[form.from], fields[form.to]];
  for (const id of [from, to]) if (MISSING.test(id)) throw refuse(`${file}, line ${line}: an end is "${printable(id)}", which is no id; remove the line or give it one`, { file, line });
  const seconds = secondsIn(fields, form);
  if (Number.isNaN(seconds)) throw refuse(`${file}, line ${line}: "${printable(fields[form.time ?? 0] ?? '')}" is not a time in ${form.timeForm ?? 'seconds'}, as the file has elsewhere (${form.words})`, { file, line, field: 'time' });
  into.add(from, to, seconds);
};

interface Reader { readonly lines: (lines: readonly string[], first: number) => void; readonly end: () => { readonly events: EdgeEvents; readonly counts: Pick<EdgeReport, 'form' | 'blankLines' | 'comments' | 'selfLoops'> } }

/** Holds the first lines back until they are enough to tell the form. */
const createReader = (file: string): Reader => {
  let held: Line[] = [];
  let form: EdgeForm | undefined;
  let [blankLines, comments, selfLoops] = [0, 0, 0];
  let sizesCome = false;
  const names = createNames();
  const columns = { from: growing((size) => new Int32Array(size)), to: growing((size) => new Int32Array(size)), seconds: growing((size) => new Float64Array(size)) };
  const add = (from: string, to: string, seconds: number): void => {
    if (from === to) { selfLoops++; return; }
    columns.from.add(names.of(from));
    columns.to.add(names.of(to));
    if (form?.time !== undefined) columns.seconds.add(seconds);
  };
  const start = (): EdgeForm => {
    if (held.length === 0) throw refuse(`${file} holds no edge; write lines of "a b" or "a b time"`, { file });
    const found = edgeFormOf(held, file);
    form = found;
    held.forEach((at, place) => { if (place > 0 || !found.header) addLine(file, found, { add, at }); });
    held = [];
    return found;
  };
  const one = (raw: string, line: number): void => {
    const text = line === 1 && raw.startsWith('\uFEFF') ? raw.slice(1) : raw;
    if (text.trim() === '') blankLines++;
    else if (COMMENT.test(text)) { comments++; sizesCome ||= line === 1 && MATRIX_MARKET.test(text); }
    else if (sizesCome) sizesCome = false;
    else if (form !== undefined) addLine(file, form, { add, at: { text, line } });
    else if (held.push({ text, line }) === SAMPLE_LINES) start();
  };
  const end = (): ReturnType<Reader['end']> => {
    const { words, time } = form ?? start();
    return {
      events: { members: names.list().length, from: columns.from.taken(), to: columns.to.taken(), ...(time === undefined ? {} : { seconds: columns.seconds.taken() }) },
      counts: { form: words, blankLines, comments, selfLoops },
    };
  };
  return { lines: (lines, first) => { lines.forEach((text, i) => { one(text, first + i); }); }, end };
};

/**
 * Edges of a file.
 * @throws client/notFound; client/invalidData naming the line that names no two ends, holds an id or a time that is none, or the file when
 * it is empty or binary
 */
export const readEdges = async (file: string): Promise<ReadEdges> => {
  const reader = createReader(file);
  const read = await readLines(file, reader.lines);
  const { events, counts } = reader.end();
  return { events, report: { file, ...counts, ...read } };
};
