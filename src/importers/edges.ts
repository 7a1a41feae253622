/**
 * Any list of edges as members who are connected: two ids on a line, apart by spaces, tabs, commas or semicolons, and perhaps a time, which
 * makes the connection an event. Lines that begin with # or % are remarks; a header may name the columns.
 */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ID_MAX_BYTES, isId, printable } from '../core/ids.ts';
import { readOne, refuse, type FileText } from './files.ts';
import { entity, idOf, type Imported, type Importer, type Report } from './importer.ts';

const OFFERED = 'graphs in this form are offered at https://snap.stanford.edu/data';
const ENDINGS = /\.(?:txt|csv|tsv|edges|edgelist)(?:\.gz)?$/iu;
/** Connections that one member may state. */
const STATED_MOST = 30_000;

/** The file that is named, or the one of a folder that can be meant. @throws client/invalidData */
const findFile = async (path: string): Promise<FileText> => {
  const isFolder = await stat(path).then((found) => found.isDirectory(), () => undefined);
  if (isFolder === undefined) throw refuse(`there is no ${path}; name a file of edges or a folder with one; ${OFFERED}`, { file: path });
  if (!isFolder) return await readOne(path) ?? { file: path, text: '' };
  const names = (await readdir(path)).filter((name) => ENDINGS.test(name)).sort();
  const named = names.filter((name) => /edge/iu.test(name));
  const [only, ...others] = names.length > 1 && named.length > 0 ? named : names;
  if (only === undefined) throw refuse(`${path} holds no .txt, .csv or .tsv; name a file of edges or a folder with one; ${OFFERED}`, { file: path });
  if (others.length > 0) throw refuse(`${path} holds several files that could be edges (${[only, ...others].join(', ')}); name the one you mean`, { file: path });
  return await readOne(join(path, only)) ?? { file: join(path, only), text: '' };
};

interface Line { readonly number: number; readonly fields: readonly string[] }
interface Edge { readonly line: number; readonly a: string; readonly b: string; readonly at: number | undefined }

const unquoted = (field: string): string => field.replace(/^"(.*)"$/u, '$1');
const linesOf = (text: string): readonly Line[] => text.split(/\r?\n/u).flatMap((written, i): Line[] => {
  const trimmed = written.trim();
  return trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith('%') ? [] : [{ number: i + 1, fields: trimmed.split(/\s*[,;\t]\s*|\s+/u).map(unquoted) }];
});

const FIRST = Date.UTC(1990, 0, 1);
const LAST = Date.UTC(2100, 0, 1);
/** Unix seconds or milliseconds, or ISO 8601, between 1990 and 2100; undefined where it is none of them. */
const timeOf = (field: string | undefined): number | undefined => {
  if (field === undefined) return undefined;
  const number = /^\d{9,13}(?:\.\d+)?$/u.test(field) ? Number(field) : Number.NaN;
  const at = Number.isNaN(number) ? (/^\d{4}-\d\d-\d\d/u.test(field) ? Date.parse(field) : Number.NaN) : number < 1e11 ? number * 1000 : number;
  return at >= FIRST && at < LAST ? Math.floor(at) : undefined;
};

/** The column behind the two ends where nearly every line has a time in it; -1 where the list has none. */
const timeColumn = (lines: readonly Line[]): number => {
  const sample = lines.slice(0, 1000);
  for (const column of [2, 3]) if (sample.filter(({ fields }) => timeOf(fields[column]) !== undefined).length > 0.9 * sample.length) return column;
  return -1;
};

/** A first line of two words where all others have two numbers names the columns. */
const isHeader = ([first, ...others]: readonly Line[]): boolean => {
  const isNumber = (field: string | undefined): boolean => /^-?\d+$/u.test(field ?? '');
  const names = /^(?:id|node|source|target|from|to|user|member|friend|src|dst|u|v)(?:[_ ]?(?:id|node)?[_ ]?\d*)?$/iu;
  if (first === undefined || isNumber(first.fields[0]) || isNumber(first.fields[1])) return false;
  const numbers = others.slice(0, 100).filter(({ fields }) => isNumber(fields[0]) && isNumber(fields[1])).length;
  return (numbers > 0 && numbers > 0.9 * Math.min(100, others.length)) || (names.test(first.fields[0] ?? '') && names.test(first.fields[1] ?? ''));
};

const readEdges = ({ file, text }: FileText, { prefix, report }: { readonly prefix: string; readonly report: Report }): readonly Edge[] => {
  const all = linesOf(text);
  const lines = isHeader(all) ? all.slice(1) : all;
  const column = timeColumn(lines);
  const edges: Edge[] = [];
  for (const { number, fields } of lines) {
    const [a = '', b = ''] = fields;
    const at = timeOf(fields[column]);
    const where = { file, line: number };
    if (fields.length < 2) report.leaveOut('names no two ends', where);
    else if (!isId(`${prefix}${a}`) || !isId(`${prefix}${b}`)) report.leaveOut(`has an end that is no id (at most ${ID_MAX_BYTES} bytes, none of / ? # % \\ " < >)`, where);
    else if (a === b) report.leaveOut('connects a member to themselves', where);
    else if (column >= 0 && at === undefined) report.leaveOut('has no time where the others have one', where);
    else edges.push({ line: number, a, b, at });
  }
  if (edges.length > 0) return edges;
  const first = all[0];
  throw refuse(first === undefined ? `${file} is empty; a line of edges is two ids, and perhaps a time` : `${file}, line ${first.number}: "${printable(first.fields.join(' '))}" is no edge, nor is any line after it; a line of edges is two ids, and perhaps a time`, { file, line: first?.number ?? 1 });
};

/** Each pair once: the first time. */
const once = (edges: readonly Edge[], file: string, report: Report): readonly Edge[] => {
  const seen = new Set<string>();
  return edges.filter(({ a, b, line }) => {
    const pair = a < b ? `${a} ${b}` : `${b} ${a}`;
    if (!seen.has(pair)) return seen.add(pair).has(pair);
    report.leaveOut('repeats a pair before it', { file, line });
    return false;
  });
};

interface Names { idIn(id: string): string; refOf(id: string): string }

/** Connections without times are what members say of themselves: each is said by the end that has fewer so far. */
function* stated(edges: readonly Edge[], { idIn, refOf }: Names, full: (edge: Edge) => void): Generator<Imported> {
  const lists = new Map<string, string[]>();
  const listOf = (id: string): string[] => {
    const known = lists.get(id) ?? [];
    lists.set(id, known);
    return known;
  };
  for (const edge of edges) {
    const { a, b } = edge;
    const [fewer, other] = listOf(a).length <= listOf(b).length ? [a, b] : [b, a];
    if (listOf(fewer).length < STATED_MOST) listOf(fewer).push(refOf(other));
    else full(edge);
  }
  // In the order of their numbers, where they have any, a list is stored in two or three bytes an edge.
  for (const connections of lists.values()) connections.sort((one, other) => one.length - other.length || (one < other ? -1 : 1));
  for (const [id, connections] of lists) yield { ...entity('member', idIn(id), { attributes: { connections } }), joins: ['connections'] };
}

/** Connections with times are events, in order of time; a member is there from the first of theirs. */
function* told(edges: readonly Edge[], { idIn, refOf }: Names): Generator<Imported> {
  const seen = new Set<string>();
  for (const { a, b, at = 0 } of edges.toSorted((one, other) => (one.at ?? 0) - (other.at ?? 0))) {
    for (const id of [a, b]) {
      if (seen.has(id)) continue;
      seen.add(id);
      yield { ...entity('member', idIn(id), { at, attributes: {} }), joins: [] };
    }
    yield { type: 'event', event: { type: 'action', id: `edge-${idOf(refOf(a), refOf(b), String(at))}`, member: refOf(a), item: refOf(b), at: new Date(at).toISOString(), action: 'connect' } };
  }
}

export const readEdgeList: Importer['read'] = async function* (path, { prefix, report }): AsyncGenerator<Imported> {
  const found = await findFile(path);
  const begins = prefix ?? `${basename(found.file).replace(/\..*$/u, '').replace(/[^\w-]+/gu, '-').toLowerCase()}-`;
  const idIn = (id: string): string => `${begins}${id}`;
  const names: Names = { idIn, refOf: (id) => `member:${idIn(id)}` };
  const edges = readEdges(found, { prefix: begins, report });
  const isTimed = edges[0]?.at !== undefined;
  // The first of a pair is the one that came first.
  const pairs = once(isTimed ? edges.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0)) : edges, found.file, report);
  yield* isTimed ? told(pairs, names) : stated(pairs, names, ({ line }) => { report.leaveOut(`is one more than the ${STATED_MOST} connections that a member may state`, { file: found.file, line }); });
};

export const edges: Importer = {
  about: 'any list of edges, with times or without: two ids on a line, as members who are connected', takes: 'file or folder',
  prefix: 'what ids of members begin with; "" joins members that are there (default: the name of the file)', read: readEdgeList,
};
