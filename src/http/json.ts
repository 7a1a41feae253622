/** JSON text in, with the line and column of what is wrong with it. */
import { isUtf8 } from 'node:buffer';
import { ThroughlineError } from '../core/errors.ts';

export interface JsonPlace { readonly line: number; readonly column: number; readonly what: string }

const WHITE = /[ \t\n\r]*/y;
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/yu;
const STRING_PREFIX = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/yu;

const matchAt = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
};

const skipWhite = (text: string, at: number): number => matchAt(WHITE, text, at);

/** What may come next; `open` holds the brackets not yet closed. */
type Expected = 'value' | 'valueOrEnd' | 'name' | 'nameOrEnd' | 'colon' | 'commaOrEnd';

const WANTED: Readonly<Record<Expected, string>> = {
  value: 'a value is missing', valueOrEnd: 'a value or "]" is missing', name: 'a name in double quotes is missing (or there is a comma too many)',
  nameOrEnd: 'a name in double quotes or "}" is missing', colon: 'a ":" is missing', commaOrEnd: 'a "," or a closing bracket is missing',
};

interface Fault { readonly at: number; readonly what: string }

const stringEnd = (text: string, at: number): number | Fault => {
  const end = matchAt(STRING, text, at);
  if (end >= 0) return end;
  const stop = matchAt(STRING_PREFIX, text, at);
  return { at: stop, what: stop >= text.length ? 'a string is not closed' : 'a character or escape that may not stand in a string' };
};

const isOpening = (character: string | undefined): boolean => character === '{' || character === '[';

/** The first fault of a text that JSON.parse refused. V8 names no place for some faults; hence this second look, run on failure alone. */
const findFault = (text: string): Fault => {
  const open: string[] = [];
  let expected = 'value' as Expected;
  let at = skipWhite(text, 0);
  for (; at < text.length; at = skipWhite(text, at)) {
    const character = text[at];
    const closes = character === (open.at(-1) === '{' ? '}' : ']') && open.length > 0;
    if (closes && (expected === 'commaOrEnd' || expected === 'valueOrEnd' || expected === 'nameOrEnd')) {
      open.pop(); at++; expected = 'commaOrEnd';
    } else if (expected === 'commaOrEnd') {
      if (open.length === 0) return { at, what: 'something stands after the end of the value' };
      if (character !== ',') return { at, what: WANTED.commaOrEnd };
      at++; expected = open.at(-1) === '{' ? 'name' : 'value';
    } else if (expected === 'colon') {
      if (character !== ':') return { at, what: WANTED.colon };
      at++; expected = 'value';
    } else if (character === '"') {
      const end = stringEnd(text, at);
      if (typeof end !== 'number') return end;
      at = end; expected = expected === 'name' || expected === 'nameOrEnd' ? 'colon' : 'commaOrEnd';
    } else if (expected === 'name' || expected === 'nameOrEnd') {
      return { at, what: WANTED[expected] };
    } else if (isOpening(character)) {
      open.push(character ?? ''); at++; expected = character === '{' ? 'nameOrEnd' : 'valueOrEnd';
    } else {
      const end = matchAt(SCALAR, text, at);
      if (end < 0) return { at, what: WANTED[expected] };
      at = end; expected = 'commaOrEnd';
    }
  }
  return { at: text.length, what: open.length > 0 ? `it ends before ${open.length === 1 ? 'a bracket is' : `${open.length} brackets are`} closed` : 'it ends before a value' };
};

export const locateFault = (text: string): JsonPlace => {
  let fault: Fault;
  // A string of many megabytes can exhaust the backtracking stack of the pattern; the place is then the start.
  try { fault = findFault(text); } catch { fault = { at: 0, what: 'it cannot be read' }; }
  const before = text.slice(0, fault.at);
  const line = before.split('\n').length;
  return { line, column: fault.at - before.lastIndexOf('\n'), what: fault.what };
};

/** A key that could reach an object's prototype; it is a key and no value because a colon follows its closing quote. */
const PROTOTYPE_KEY = /"(?:_|\\u005[fF]){2}proto(?:_|\\u005[fF]){2}"\s*:/;
const ESCAPED_KEY = /"(?:\\u[0-9a-fA-F]{4}|[_proto]){9}"\s*:/g;

export const hasPrototypeKey = (text: string): boolean => {
  if (PROTOTYPE_KEY.test(text)) return true;
  if (!text.includes('\\u00')) return false;
  for (const [key] of text.matchAll(ESCAPED_KEY)) if (JSON.parse(key.slice(0, key.lastIndexOf('"') + 1)) === '__proto__') return true;
  return false;
};

/** Looks for the key in a parsed value, without recursion: bodies may nest as deep as they are long. */
export const holdsPrototypeKey = (value: unknown): boolean => {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (Object.hasOwn(next, '__proto__')) return true;
    for (const child of Object.values(next)) if (typeof child === 'object' && child !== null) open.push(child);
  }
  return false;
};

export const prototypeKeyError = (index?: number): ThroughlineError =>
  new ThroughlineError('client/invalidRequest', 'the field "__proto__" is not allowed; remove it', { where: { field: '__proto__', ...(index === undefined ? {} : { index }) } });

export interface ParsedJson { readonly value: unknown; readonly suspect: boolean }

/**
 * @param firstLine added to the line of an error: the place of a line in its stream, minus one
 * @throws client/invalidJson with line and column
 */
export const parseJson = (bytes: Buffer, firstLine = 0): ParsedJson => {
  if (!isUtf8(bytes)) throw new ThroughlineError('client/invalidJson', 'the body is not UTF-8; send JSON encoded as UTF-8', { where: firstLine > 0 ? { line: firstLine + 1 } : {} });
  const text = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.toString('utf8', 3) : bytes.toString('utf8');
  if (text.trim() === '') throw new ThroughlineError('client/invalidJson', 'the body is empty; send JSON');
  try {
    return { value: JSON.parse(text), suspect: hasPrototypeKey(text) };
  } catch (cause) {
    const place = locateFault(text);
    const line = place.line + firstLine;
    throw new ThroughlineError('client/invalidJson', `the JSON is malformed at line ${line}, column ${place.column}: ${place.what}; correct it and send it again`, { where: { line }, cause });
  }
};
