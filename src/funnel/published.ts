/** A model that serves from now on: its version, and the examination curve that it learned. Layout 1 was the version alone, as it still is where a model has no curve of its own. */
import { createByteReader, createByteWriter } from '../core/bytes.ts';

const LAYOUT = 2;
const writer = createByteWriter(1024);

/** The discount of DCG, which says how much places are looked at until that is learned. */
const DISCOUNT = Float64Array.from({ length: 256 }, (_, place) => 1 / Math.log2(place + 2));

/** How much each place is looked at, from 0: what a model has learned, else the discount. */
export const attentionBy = (curve: ArrayLike<number>): ArrayLike<number> => (curve.length > 0 ? curve : DISCOUNT);
/** The same at one place, its last number beyond the end. */
export const attentionAt = (attention: ArrayLike<number>, place: number): number => attention[Math.min(place, attention.length - 1)] ?? 0;

export interface Published {
  readonly version: string;
  /** How much places are looked at, from the first; none known where it is empty. Absent: the model says nothing about places. */
  readonly examination?: readonly number[];
}

export const encodePublished = ({ version, examination }: Published): Uint8Array => {
  if (examination === undefined) return Uint8Array.of(1, ...new TextEncoder().encode(version));
  writer.u8(LAYOUT);
  writer.text(version);
  writer.u16(examination.length);
  for (const each of examination) writer.f32(each);
  return writer.take();
};

/** @throws RangeError for a payload that is cut short or of a newer layout */
export const decodePublished = (payload: Uint8Array): Published => {
  if (payload[0] === 1) return { version: new TextDecoder().decode(payload.subarray(1)) };
  const reader = createByteReader(payload);
  const layout = reader.u8();
  if (layout !== LAYOUT) throw new RangeError(`published layout ${layout} is newer than this version reads (${LAYOUT})`);
  return { version: reader.text(), examination: Array.from({ length: reader.u16() }, () => reader.f32()) };
};
