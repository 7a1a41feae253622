/** Files of a data set: found with or without .gz, decoded strictly, and read as tables whose rows know their lines. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CsvError, parse } from 'csv-parse/sync';
import { ThroughlineError, type Where } from '../core/errors.ts';
import { printable } from '../core/ids.ts';
import type { Report } from './importer.ts';

/** Where somebody without the files gets them. */
export interface DataSet { readonly name: string; readonly offeredAt: string }

export const refuse = (sentence: string, where: Where, cause?: unknown): ThroughlineError => new ThroughlineError('client/invalidData', sentence, { where, cause });

export interface FileText { readonly file: string; readonly text: string }

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

/** @returns undefined where there is no such file */
const readBytes = async (file: string): Promise<Buffer | undefined> => {
  let stored: Buffer;
  try {
    stored = await readFile(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    return file.endsWith('.gz') ? gunzipSync(stored) : stored;
  } catch (error) {
    throw refuse(`${file} is not a whole gzip file (${error instanceof Error ? error.message : 'unreadable'}); fetch it again`, { file }, error);
  }
};

/** The line of the first byte that is not UTF-8. */
const brokenLine = (bytes: Buffer): number => {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const next = bytes.indexOf(0x0a, start);
    const end = next < 0 ? bytes.length : next + 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end;
  }
  return line;
};

/** Strict UTF-8. @throws client/invalidData naming the first line that is not */
const decode = (bytes: Buffer, file: string): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const line = brokenLine(bytes);
    throw refuse(`${file}, line ${line}: not UTF-8; save the file as UTF-8 and import again`, { file, line }, cause);
  }
};

/** One file as text. @returns undefined where there is none. @throws client/invalidData */
export const readOne = async (file: string): Promise<FileText | undefined> => {
  const bytes = await readBytes(file);
  return bytes === undefined ? undefined : { file, text: decode(bytes, file) };
};

/**
 * The first of these files that is there, each also with .gz.
 * @throws client/invalidData naming all of them and who offers them
 */
export const readFirst = async (folder: string, names: readonly string[], { name, offeredAt }: DataSet): Promise<FileText> => {
  const all = names.flatMap((each) => [each, `${each}.gz`]);
  for (const each of all) {
    const found = await readOne(join(folder, each));
    if (found !== undefined) return found;
  }
  throw refuse(`${folder} holds neither ${all.join(' nor ')}; name the folder with the files of ${name}, which ${offeredAt} offers`, { file: folder });
};

/** A row by the names of its columns; of a record over several lines `line` is the first. */
export interface Row { readonly line: number; get(column: string): string }
export interface TableRows { readonly file: string; readonly rows: readonly Row[] }

export interface TableForm {
  /** Columns that must be there; there may be others, in any order. */
  readonly columns: readonly string[];
  /** `tabs`: fields are not quoted. */
  readonly form: 'commas' | 'tabs';
}

interface Parsed { readonly record: readonly string[]; readonly info: { readonly lines: number } }

const parseRecords = ({ file, text }: FileText, form: TableForm['form']): readonly { readonly line: number; readonly fields: readonly string[] }[] => {
  const options = form === 'tabs' ? { delimiter: '\t', quote: false } : {};
  try {
    const parsed = parse(text, { bom: true, info: true, relax_column_count: true, skip_empty_lines: true, ...options }) as unknown as readonly Parsed[];
    // The parser counts to the end of a record: its first line is the one after the last record's.
    let last = 0;
    return parsed.map(({ record, info }) => {
      const line = last + 1;
      last = info.lines;
      return { line, fields: record };
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : 1;
    throw refuse(`${file}, line ${line}: is not valid CSV (${error.message.replace(/\.$/u, '')}); the file may be cut short`, { file, line }, error);
  }
};

/** A file as a table; rows with another number of fields than the header are left out and reported. @throws client/invalidData */
export const tableOf = (read: FileText, { columns, form }: TableForm, report: Report): TableRows => {
  const { file } = read;
  const [header, ...records] = parseRecords(read, form);
  if (header === undefined) throw refuse(`${file} is empty; its first line must name the columns ${columns.join(', ')}`, { file, line: 1 });
  const places = new Map(header.fields.map((name, place) => [name.trim(), place]));
  const lacking = columns.filter((name) => !places.has(name));
  if (lacking.length > 0) throw refuse(`${file}, line 1: the header is "${printable(header.fields.join())}", it lacks ${lacking.join(', ')}`, { file, line: 1 });
  const rows = records.flatMap(({ line, fields }): Row[] => {
    if (fields.length === header.fields.length) return [{ line, get: (column) => fields[places.get(column) ?? -1] ?? '' }];
    report.leaveOut(`has ${fields.length} fields where ${header.fields.length} belong`, { file, line });
    return [];
  });
  if (rows.length === 0) throw refuse(`${file} has a header and no rows that can be read`, { file, line: 1 });
  return { file, rows };
};
