/**
 * Lists of references in few bytes, without loss and in any order. Two forms, the shorter is taken: where all begin alike and end in a
 * number (`member:42`), the differences from one number to the next; else each as what it shares with the one before and the rest.
 *
 *     u8 form (1 numbers, 2 texts), varint count; numbers: varint bytes of the beginning, the beginning, zigzag varint of each difference;
 *     texts: for each varint bytes shared, varint bytes that follow, those
 *
 * A varint is seven bits a byte, the lowest first, the eighth bit set on all but the last.
 */
const NUMBERS = 1;
const TEXTS = 2;
/** Below this a difference, doubled, is still exact. */
const NUMBER_MAX: number = 2 ** 51;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Bytes that grow. */
interface Writer { varint(value: number): void; bytes(bytes: Uint8Array): void; readonly taken: () => Uint8Array }

const createWriter = (): Writer => {
  let buffer = new Uint8Array(256);
  let end = 0;
  const room = (more: number): void => {
    if (end + more <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, end + more));
    larger.set(buffer);
    buffer = larger;
  };
  return {
    varint: (value) => {
      room(8);
      let left = value;
      for (;left >= 128; left = Math.floor(left / 128)) buffer[end++] = (left % 128) | 128;
      buffer[end++] = left;
    },
    bytes: (bytes) => { room(bytes.length); buffer.set(bytes, end); end += bytes.length; },
    taken: () => buffer.slice(0, end),
  };
};

export interface Reader { readonly bytes: Uint8Array; at: number }

/** @throws RangeError where the bytes end before the number does */
export const readVarint = (reader: Reader): number => {
  let [value, scale] = [0, 1];
  for (;;) {
    const byte = reader.bytes[reader.at++];
    if (byte === undefined) throw new RangeError('a packed list ends too early');
    value += (byte & 127) * scale;
    if (byte < 128) return value;
    scale *= 128;
  }
};

const taken = (reader: Reader, length: number): Uint8Array => {
  const bytes = reader.bytes.subarray(reader.at, reader.at + length);
  if (bytes.length < length) throw new RangeError('a packed list ends too early');
  reader.at += length;
  return bytes;
};

const beginningOf = (reference: string): string => reference.replace(/\d+$/u, '');

/** The number that a text goes on with after its beginning, or -1 where it is none or would not be written the same way again. */
const numberAfter = (text: string, beginning: string): number => {
  if (!text.startsWith(beginning)) return -1;
  const rest = text.slice(beginning.length);
  const value = /^(?:0|[1-9]\d{0,15})$/u.test(rest) ? Number(rest) : -1;
  return value < NUMBER_MAX ? value : -1;
};

const packNumbers = (references: readonly string[]): Uint8Array | undefined => {
  const beginning = beginningOf(references[0] ?? '');
  const writer = createWriter();
  const bytes = encoder.encode(beginning);
  writer.varint(NUMBERS);
  writer.varint(references.length);
  writer.varint(bytes.length);
  writer.bytes(bytes);
  let before = 0;
  for (const reference of references) {
    const value = numberAfter(reference, beginning);
    if (value < 0) return undefined;
    const difference = value - before;
    writer.varint(difference >= 0 ? 2 * difference : -2 * difference - 1);
    before = value;
  }
  return writer.taken();
};

const packTexts = (references: readonly string[]): Uint8Array => {
  const writer = createWriter();
  writer.varint(TEXTS);
  writer.varint(references.length);
  let before = new Uint8Array();
  for (const reference of references) {
    const bytes = encoder.encode(reference);
    let shared = 0;
    while (shared < before.length && shared < bytes.length && before[shared] === bytes[shared]) shared++;
    writer.varint(shared);
    writer.varint(bytes.length - shared);
    writer.bytes(bytes.subarray(shared));
    before = bytes;
  }
  return writer.taken();
};

export const packReferences = (references: readonly string[]): Uint8Array => packNumbers(references) ?? packTexts(references);

/** Calls back for each number of a list in that form; stops where the callback answers true. @returns whether it did */
const someNumber = (reader: Reader, count: number, is: (value: number) => boolean): boolean => {
  let value = 0;
  for (let i = 0; i < count; i++) {
    const coded = readVarint(reader);
    value += coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
    if (is(value)) return true;
  }
  return false;
};

const eachText = (reader: Reader, count: number, visit: (text: string) => void): void => {
  let before = new Uint8Array();
  for (let i = 0; i < count; i++) {
    const shared = readVarint(reader);
    const rest = taken(reader, readVarint(reader));
    const bytes = new Uint8Array(shared + rest.length);
    bytes.set(before.subarray(0, shared));
    bytes.set(rest, shared);
    visit(decoder.decode(bytes));
    before = bytes;
  }
};

/** The list that begins where the reader stands, which then stands behind it. @throws RangeError for bytes that are no packed list */
export const unpackReferences = (reader: Reader): string[] => {
  const [form, count] = [readVarint(reader), readVarint(reader)];
  const out: string[] = [];
  if (form === NUMBERS) {
    const beginning = decoder.decode(taken(reader, readVarint(reader)));
    someNumber(reader, count, (value) => { out.push(`${beginning}${value}`); return false; });
  } else if (form === TEXTS) eachText(reader, count, (text) => { out.push(text); });
  else throw new RangeError(`form ${form} of a packed list is newer than this version reads (${TEXTS})`);
  return out;
};

/** Whether the list that begins where the reader stands names a reference: of a list of numbers no text is made. The reader may stop anywhere in it. */
export const packedIncludes = (reader: Reader, reference: string): boolean => {
  const start = reader.at;
  const [form, count] = [readVarint(reader), readVarint(reader)];
  if (form === NUMBERS) {
    const wanted = numberAfter(reference, decoder.decode(taken(reader, readVarint(reader))));
    return wanted >= 0 && someNumber(reader, count, (value) => value === wanted);
  }
  reader.at = start;
  return unpackReferences(reader).includes(reference);
};
