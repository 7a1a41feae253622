/** Lines of a text file of any size, plain or gzip, with the hash of what is inside. One block of lines is held at a time. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { ThroughlineError, type Where } from '../../core/errors.ts';

export const LINE_BYTES_MAX: number = 64 << 20;
const NEWLINE = 0x0a;

export interface ReadLines {
  readonly lines: number;
  /** Of the uncompressed content. */
  readonly bytes: number;
  readonly sha256: string;
}

/** Given whole lines without their ends, and the number of the first of them, from 1. */
export type OnLines = (lines: readonly string[], first: number) => void;

export const refuse = (sentence: string, where: Where, cause?: unknown): ThroughlineError => new ThroughlineError('client/invalidData', sentence, { where, cause });

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

const isGzip = async (file: string): Promise<boolean> => {
  const handle = await open(file, 'r');
  try {
    const head = Buffer.alloc(2);
    const { bytesRead } = await handle.read(head, 0, 2, 0);
    return bytesRead === 2 && head[0] === 0x1f && head[1] === 0x8b;
  } finally { await handle.close(); }
};

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Decodes whole lines at once; only where that fails is each looked at alone, to name the one. */
const decode = (bytes: Buffer, file: string, first: number): string => {
  const zero = bytes.indexOf(0);
  if (zero < 0) try { return decoder.decode(bytes); } catch { /* named below */ }
  let line = first;
  for (let start = 0; start < bytes.length; line++) {
    const next = bytes.indexOf(NEWLINE, start);
    const end = next < 0 ? bytes.length : next + 1;
    const one = bytes.subarray(start, end);
    if (one.includes(0)) throw refuse(`${file}, line ${line}: a zero byte; this is a binary file, not lines of text`, { file, line });
    try { decoder.decode(one); } catch (cause) { throw refuse(`${file}, line ${line}: not UTF-8; this is a binary file, or text in another encoding to be saved as UTF-8`, { file, line }, cause); }
    start = end;
  }
  return decoder.decode(bytes);
};

/** Cuts what arrives into whole lines. */
const createCutter = (file: string, onLines: OnLines): { push(chunk: Buffer): void; end(): void; lines(): number } => {
  let pieces: Buffer[] = [];
  let held = 0;
  let done = 0;
  const emit = (bytes: Buffer): void => {
    const lines = decode(bytes, file, done + 1).split('\n');
    if (bytes.at(-1) === NEWLINE) lines.pop();
    for (let i = 0; i < lines.length; i++) { const line = lines[i] ?? ''; if (line.endsWith('\r')) lines[i] = line.slice(0, -1); }
    onLines(lines, done + 1);
    done += lines.length;
  };
  const push = (chunk: Buffer): void => {
    const last = chunk.lastIndexOf(NEWLINE);
    if (last >= 0) {
      emit(pieces.length === 0 ? chunk.subarray(0, last + 1) : Buffer.concat([...pieces, chunk.subarray(0, last + 1)]));
      pieces = [];
      held = 0;
    }
    if (last + 1 === chunk.length) return;
    pieces.push(chunk.subarray(last + 1));
    held += chunk.length - last - 1;
    if (held > LINE_BYTES_MAX) throw refuse(`${file}, line ${done + 1}: longer than ${LINE_BYTES_MAX >> 20} MB; one member's events are expected to be fewer`, { file, line: done + 1 });
  };
  return { push, lines: () => done, end: () => { if (held > 0) emit(Buffer.concat(pieces)); } };
};

const told = (error: unknown, file: string): unknown => {
  if (error instanceof ThroughlineError) return error;
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return new ThroughlineError('client/notFound', `there is no file ${file}; check the path`, { where: { file }, cause: error });
  if (code === 'EISDIR') return refuse(`${file} is a folder; name the file in it`, { file }, error);
  if (code.startsWith('Z_')) return refuse(`${file} is not a whole gzip file (${error instanceof Error ? error.message : code}); fetch it again`, { file }, error);
  return error;
};

interface Content { readonly bytes: number; readonly sha256: string }

/** Hands on what is inside a file, piece by piece; gzip is known by its first bytes, whatever the name. */
const readContent = async (file: string, onChunk: (chunk: Buffer) => void): Promise<Content> => {
  const hash = createHash('sha256');
  let bytes = 0;
  let thrown: unknown;
  const consume = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    try {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
        onChunk(chunk);
      }
    } catch (error) { thrown ??= error; throw error; }
  };
  try {
    const packed = await isGzip(file);
    const source = createReadStream(file, { highWaterMark: 1 << 20 });
    if (packed) await pipeline(source, createGunzip({ chunkSize: 1 << 20 }), consume);
    else await pipeline(source, consume);
    // A pipeline that is given up tells of that rather than of the reason.
  } catch (error) { throw told(thrown ?? error, file); }
  return { bytes, sha256: hash.digest('hex') };
};

/** The hash of what is inside a file, of whatever kind. @throws client/notFound; client/invalidData for half a gzip file */
export const contentHash = async (file: string): Promise<string> => (await readContent(file, () => undefined)).sha256;

/**
 * Reads a file line by line.
 * @throws client/notFound, or client/invalidData naming the line that is binary, not UTF-8 or longer than LINE_BYTES_MAX
 */
export const readLines = async (file: string, onLines: OnLines): Promise<ReadLines> => {
  const cutter = createCutter(file, onLines);
  const content = await readContent(file, cutter.push);
  cutter.end();
  return { lines: cutter.lines(), ...content };
};
