/** Little-endian binary writing and reading: the compact payloads of log records. */
const decoder = new TextDecoder('utf-8', { fatal: true });

export interface ByteWriter {
  u8(value: number): void;
  u16(value: number): void;
  u32(value: number): void;
  f32(value: number): void;
  f64(value: number): void;
  /** UTF-8 with a 16-bit length. @throws RangeError beyond 65,535 bytes */
  text(value: string): void;
  /** UTF-8 with a 32-bit length. */
  longText(value: string): void;
  floats(values: Float32Array, start: number, end: number): void;
  /** A copy of what was written; the writer is empty again. */
  take(): Uint8Array;
}

/** One writer is reused for many records; it grows to the largest. */
export const createByteWriter = (capacity = 16_384): ByteWriter => {
  let bytes = Buffer.alloc(capacity);
  let view = new DataView(bytes.buffer, bytes.byteOffset);
  let at = 0;
  const room = (needed: number): number => {
    if (at + needed > bytes.length) {
      const larger = Buffer.alloc(Math.max(bytes.length * 2, at + needed));
      larger.set(bytes);
      bytes = larger;
      view = new DataView(bytes.buffer, bytes.byteOffset);
    }
    const from = at;
    at += needed;
    return from;
  };
  const encode = (value: string, header: 2 | 4): void => {
    const start = room(header + value.length * 3);
    const written = bytes.write(value, start + header);
    if (header === 2) {
      if (written > 0xffff) throw new RangeError(`a text of ${written} bytes does not fit 16 bits`);
      view.setUint16(start, written, true);
    } else view.setUint32(start, written, true);
    at = start + header + written;
  };
  return {
    u8: (value) => { view.setUint8(room(1), value); },
    u16: (value) => { const to = room(2); view.setUint16(to, value, true); },
    u32: (value) => { const to = room(4); view.setUint32(to, value, true); },
    f32: (value) => { const to = room(4); view.setFloat32(to, value, true); },
    f64: (value) => { const to = room(8); view.setFloat64(to, value, true); },
    text: (value) => { encode(value, 2); },
    longText: (value) => { encode(value, 4); },
    floats: (values, start, end) => {
      const to = room((end - start) * 4);
      // As they lie in memory: little-endian, as everything here is read.
      bytes.set(new Uint8Array(values.buffer, values.byteOffset + start * 4, (end - start) * 4), to);
    },
    take: () => {
      const taken = new Uint8Array(bytes.subarray(0, at));
      at = 0;
      return taken;
    },
  };
};

export interface ByteReader {
  u8(): number;
  u16(): number;
  u32(): number;
  f32(): number;
  f64(): number;
  text(): string;
  longText(): string;
  floats(count: number): Float32Array;
  /** Passes over so many bytes. */
  skip(bytes: number): void;
  readonly left: number;
}

/** @throws RangeError past the end */
export const createByteReader = (bytes: Uint8Array): ByteReader => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const step = (size: number): number => { const from = at; at += size; return from; };
  const decode = (length: number): string => {
    const from = step(length);
    if (at > bytes.length) throw new RangeError('a text runs past the end of its record');
    return decoder.decode(bytes.subarray(from, at));
  };
  return {
    u8: () => view.getUint8(step(1)),
    u16: () => view.getUint16(step(2), true),
    u32: () => view.getUint32(step(4), true),
    f32: () => view.getFloat32(step(4), true),
    f64: () => view.getFloat64(step(8), true),
    text: () => decode(view.getUint16(step(2), true)),
    longText: () => decode(view.getUint32(step(4), true)),
    floats: (count) => {
      const values = new Float32Array(count);
      for (let i = 0; i < count; i++) values[i] = view.getFloat32(step(4), true);
      return values;
    },
    skip: step,
    get left() { return bytes.length - at; },
  };
};
