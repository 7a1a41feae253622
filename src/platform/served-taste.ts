/** The taste memory as pages read it: with the light head, whose weights stand in it as bytes and are opened once per thread and model. */
import type { Space } from '../memory/space.ts';
import { openTaste, type StoredTaste, type Taste } from '../journey/taste.ts';
import type { StoredHeads } from '../models/journey/artefact.ts';
import { fillsFeature, openLight } from '../models/journey/light.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Length of the description, before it. */
const PREFIX = 4;

/** A head that may fill no feature stays unused: no bytes. [length][description as JSON, filled up to a multiple of 4][weights]. */
export const packLight = (heads: StoredHeads | undefined): Uint8Array => {
  if (heads === undefined || !fillsFeature(heads)) return new Uint8Array();
  const { values, ...described } = heads;
  const text = JSON.stringify(described);
  const description = encoder.encode(text.padEnd(text.length + (4 - (encoder.encode(text).length % 4)) % 4));
  const bytes = new Uint8Array(PREFIX + description.length + values.byteLength);
  new DataView(bytes.buffer).setUint32(0, description.length, true);
  bytes.set(description, PREFIX);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), PREFIX + description.length);
  return bytes;
};

const unpackLight = (buffer: SharedArrayBuffer): StoredHeads => {
  const bytes = new Uint8Array(buffer).slice();
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const described = JSON.parse(decoder.decode(bytes.subarray(PREFIX, PREFIX + length))) as Omit<StoredHeads, 'values'>;
  return { ...described, values: new Float32Array(bytes.buffer, PREFIX + length) };
};

/** Adds the head to what is in memory. */
export const withLight = (taste: StoredTaste): Taste => {
  let opened: { readonly of: SharedArrayBuffer; readonly head: ReturnType<typeof openLight> } | undefined;
  const head = (): Taste['head'] => {
    const { light, width } = taste;
    if (light === opened?.of) return opened?.head;
    opened?.head.release();
    opened = light === undefined || light.byteLength === 0 ? undefined : { of: light, head: openLight(unpackLight(light), width, () => taste.vectors) };
    return opened?.head;
  };
  // Assigned to, not spread: its getters must stay getters.
  return Object.defineProperty(taste, 'head', { get: head, enumerable: true });
};

export const openServedTaste = (space: Space): Taste => withLight(openTaste(space));
