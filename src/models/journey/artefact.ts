/**
 * A journey model on disk: `<data>/models/journey/<version>/{manifest.json, weights.f32, gates.f32, items.i32, heads.f32}`, numbers
 * little-endian, and `current.json` beside them that names the version that serves and those before it. Written whole under a temporary
 * name, flushed and renamed. A version that cannot be read is never served: `readJourney` throws, the caller keeps what it has.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { isMissing, syncFolder, writeFlushed, writeWhole } from '../../core/durable.ts';
import { ThroughlineError } from '../../core/errors.ts';
import { printable } from '../../core/ids.ts';
import { createStoredReader } from '../../core/stored-json.ts';
import type { LayoutEntry } from '../../nn/arena.ts';
import { JOURNEY_FOLDER } from '../store.ts';
import type { ModelSizes } from '../sequences/model.ts';
import type { Vocabulary } from '../sequences/vocabulary.ts';

/** 2: what attributes add to a token is scaled as items are, and pauses are among them. */
export const JOURNEY_FORMAT = 2;
const POINTER_FORMAT = 1;
const VERSION = /^journey-[a-zA-Z0-9._-]{1,56}$/;
const KEPT_BEFORE = 5;

const layoutSchema = z.array(z.object({ name: z.string(), shape: z.array(z.int().positive()), offset: z.int() }));
const sizesSchema = z.object({
  width: z.int().positive(), blocks: z.int().positive(), heads: z.int().positive(), window: z.int().positive(), dropout: z.number(), temperature: z.number().positive(),
});
const vocabularySchema = z.object({
  items: z.int().positive(),
  attributes: z.object({ surface: z.int().optional(), action: z.int().optional(), dwell: z.int().optional(), pause: z.int().optional() }),
  content: z.object({ width: z.int().positive(), buckets: z.int().positive() }).optional(),
  time: z.boolean(),
});
const cardSchema = z.object({
  createdAt: z.string(),
  /** What came out of which data: "epoch 9 of 24 …". */
  chosen: z.string(),
  protocol: z.string(),
  figures: z.record(z.string(), z.number()),
  /** Metric after each epoch. */
  curve: z.array(z.object({ epoch: z.int(), loss: z.number(), metric: z.number() })),
  members: z.int(), events: z.int(), parameters: z.int(), seed: z.number(), seconds: z.number(),
  commit: z.string(),
  /** What it learned from, and where; absent on older cards. */
  dataHash: z.string().optional(),
  machine: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type JourneyCard = Readonly<z.infer<typeof cardSchema>>;

const headsSchema = z.object({
  /** Names of the actions that logits are for, in their order. */
  actions: z.array(z.string()).min(1),
  /** Names of the columns of context. */
  context: z.array(z.string()),
  hidden: z.int().positive(),
  layout: layoutSchema,
});
const manifestSchema = z.object({
  format: z.literal(JOURNEY_FORMAT),
  version: z.string().regex(VERSION),
  sizes: sizesSchema, vocabulary: vocabularySchema,
  /** Names of the rows of actions and surfaces at the time of training: rows are appended, never moved. */
  registries: z.object({ actions: z.array(z.string()), surfaces: z.array(z.string()) }),
  trainedThrough: z.array(z.object({ partition: z.int(), sequence: z.int() })),
  layout: layoutSchema,
  heads: headsSchema.optional(),
  card: cardSchema,
  files: z.record(z.string().regex(/^[a-z]+\.(?:f32|i32)$/), z.object({ bytes: z.int(), sha256: z.string() })),
});
type Manifest = z.infer<typeof manifestSchema>;
const pointerSchema = z.object({ format: z.literal(POINTER_FORMAT), current: z.string().regex(VERSION), history: z.array(z.string().regex(VERSION)), sha256: z.string() });
type Pointer = z.infer<typeof pointerSchema>;

/** Named parameters in one array. */
export interface StoredWeights { readonly layout: readonly LayoutEntry[]; readonly values: Float32Array }
export interface StoredHeads extends StoredWeights { readonly actions: readonly string[]; readonly context: readonly string[]; readonly hidden: number }

export interface JourneyArtefact {
  readonly version: string;
  readonly sizes: ModelSizes;
  readonly vocabulary: Vocabulary;
  readonly registries: { readonly actions: readonly string[]; readonly surfaces: readonly string[] };
  readonly trainedThrough: readonly { readonly partition: number; readonly sequence: number }[];
  readonly card: JourneyCard;
  readonly weights: StoredWeights;
  /** How far each item's id is to be trusted, by row. */
  readonly gates: Float32Array;
  /** Keys of the items' references (references.ts), by row. */
  readonly keys: Int32Array;
  readonly heads?: StoredHeads;
}

/** The values of one parameter. @throws server/storeCorrupt where there is none of that name */
export const parameterOf = ({ layout, values }: StoredWeights, name: string): Float32Array => {
  const entry = layout.find((each) => each.name === name);
  if (entry === undefined) throw new ThroughlineError('server/storeCorrupt', `the journey model has no parameter "${name}"; it has ${layout.map((each) => each.name).join(', ')}`, { where: { field: name } });
  return values.subarray(entry.offset, entry.offset + entry.shape.reduce((product, length) => product * length, 1));
};

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
const littleEndian = (array: Float32Array | Int32Array): Uint8Array => {
  const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  return endianness() === 'LE' ? bytes : Buffer.from(bytes).swap32();
};
const wordsOf = (bytes: Buffer): ArrayBuffer => {
  const own = new Uint8Array(bytes.length);
  own.set(endianness() === 'LE' ? bytes : bytes.swap32());
  return own.buffer;
};

const ADVICE = 'the journey model being served stays. Train again with "throughline train journey"';
const NEWER = 'the journey model being served stays. Upgrade Throughline, or train again';
const { corrupt, parse, readWhole } = createStoredReader({ format: JOURNEY_FORMAT, corrupt: ADVICE, newer: NEWER });
const { parse: parsePointer } = createStoredReader({ format: POINTER_FORMAT, corrupt: ADVICE, newer: NEWER });

const jsonOf = (text: string): unknown => { try { return JSON.parse(text) as unknown; } catch { return undefined; } };
const olderSchema = z.object({ format: z.int().max(JOURNEY_FORMAT - 1) });
/** @throws client/noModel for one that an older version wrote, which this one would read wrongly */
const parseManifest = (text: string, file: string): Manifest => {
  const older = olderSchema.safeParse(jsonOf(text));
  if (older.success) {
    throw new ThroughlineError('client/noModel', `${file} has format ${older.data.format}, which this version no longer reads: train again with "throughline train journey". Until then the feed goes on without a journey model, or with the one being served`, { where: { file } });
  }
  return parse(manifestSchema, text, file);
};

const rootOf = (data: string): string => join(data, 'models', JOURNEY_FOLDER);

const readPointer = async (root: string): Promise<Pointer | undefined> => {
  const file = join(root, 'current.json');
  try {
    return parsePointer(pointerSchema, await readFile(file, 'utf8'), file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

const point = async (root: string, pointer: Omit<Pointer, 'format'>): Promise<void> => {
  await writeWhole(join(root, 'current.json'), `${JSON.stringify({ format: POINTER_FORMAT, ...pointer })}\n`);
  await syncFolder(root);
};

const arraysOf = ({ weights, gates, keys, heads }: JourneyArtefact): Readonly<Record<string, Float32Array | Int32Array>> =>
  ({ 'weights.f32': weights.values, 'gates.f32': gates, 'items.i32': keys, ...(heads === undefined ? {} : { 'heads.f32': heads.values }) });

const manifestOf = (artefact: JourneyArtefact, files: Manifest['files']): string => {
  const { version, sizes, vocabulary, registries, trainedThrough, card, weights, heads } = artefact;
  const described = heads === undefined ? {} : { heads: { actions: heads.actions, context: heads.context, hidden: heads.hidden, layout: heads.layout } };
  return `${JSON.stringify(manifestSchema.parse(JSON.parse(JSON.stringify({ format: JOURNEY_FORMAT, version, sizes, vocabulary, registries, trainedThrough, layout: weights.layout, ...described, card, files }))), undefined, 1)}\n`;
};

/** Versions that neither serve nor could be gone back to. */
const removeOld = async (root: string, kept: ReadonlySet<string>): Promise<void> => {
  for (const name of await readdir(root)) {
    const version = name.replace(/\.new$/, '');
    if (VERSION.test(version) && (name !== version || !kept.has(version))) await rm(join(root, name), { recursive: true, force: true });
  }
};

/**
 * Writes a version and makes it the one that serves. @returns its folder
 * @throws server/storeUnwritable: the version before stays
 */
export const writeJourney = async (data: string, artefact: JourneyArtefact): Promise<string> => {
  const root = rootOf(data);
  const folder = join(root, artefact.version);
  const temporary = `${folder}.new`;
  try {
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary, { recursive: true });
    const files: Manifest['files'] = {};
    for (const [name, array] of Object.entries(arraysOf(artefact))) {
      const bytes = littleEndian(array);
      await writeFlushed(join(temporary, name), bytes);
      files[name] = { bytes: bytes.length, sha256: sha256(bytes) };
    }
    const manifest = manifestOf(artefact, files);
    await writeFlushed(join(temporary, 'manifest.json'), manifest);
    await syncFolder(temporary);
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
    await syncFolder(root);
    const before = await readPointer(root).catch(() => undefined);
    const history = before === undefined || before.current === artefact.version ? before?.history ?? [] : [...before.history, before.current].slice(-KEPT_BEFORE);
    await point(root, { current: artefact.version, history, sha256: sha256(manifest) });
    await removeOld(root, new Set([artefact.version, ...history])).catch(() => undefined);
    return folder;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    if (error instanceof ThroughlineError) throw error;
    throw new ThroughlineError('server/storeUnwritable', `the journey model ${folder} could not be written (${error instanceof Error ? error.message : String(error)}); the one before it stays: free or repair the disk, then run the same command again`, { where: { file: folder }, cause: error });
  }
};

/** The version that serves, undefined before the first. @throws server/storeCorrupt, server/storeNewer */
export const currentJourney = async (data: string): Promise<string | undefined> => (await readPointer(rootOf(data)))?.current;

/** What is said of a version, without its weights. */
export interface DescribedJourney { readonly version: string; readonly sizes: ModelSizes; readonly card: JourneyCard; readonly bytes: number; readonly items: number }

/** Versions that are there, in order of name. */
export const journeyVersions = async (data: string): Promise<readonly string[]> => {
  try {
    return (await readdir(rootOf(data))).filter((name) => VERSION.test(name) && !name.endsWith('.new')).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
};

/** @throws server/storeCorrupt, server/storeNewer */
export const describeJourney = async (data: string, version: string): Promise<DescribedJourney> => {
  const file = join(rootOf(data), version, 'manifest.json');
  const { sizes, card, files, vocabulary: { items } } = parseManifest((await readWhole(file)).toString('utf8'), file);
  return { version, sizes, card, items, bytes: Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0) };
};

/** Back to the version before. @throws client/noModel where there is none. @returns that version */
export const rollbackJourney = async (data: string): Promise<string> => {
  const root = rootOf(data);
  const at = await readPointer(root);
  const before = at?.history.at(-1);
  if (at === undefined || before === undefined) throw new ThroughlineError('client/noModel', `no journey model served before the current one in ${root}; there is nothing to roll back to`);
  await readJourney(data, before);
  await point(root, { current: before, history: at.history.slice(0, -1), sha256: sha256(await readFile(join(root, before, 'manifest.json'))) });
  return before;
};

/** A layout has to fill its array to the last number, or the names lead to the wrong ones. */
const checkLayout = (file: string, { layout, values }: StoredWeights): void => {
  const end = layout.reduce((most, { shape, offset }) => Math.max(most, offset + shape.reduce((product, length) => product * length, 1)), 0);
  if (end !== values.length) throw corrupt(file, `has ${values.length} numbers where its layout names ${end}`);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw corrupt(file, `has a number that is none, at ${wrong}`);
};

/** @param version the one that serves, unless said. @throws client/noModel, server/storeCorrupt, server/storeNewer */
export const readJourney = async (data: string, version?: string): Promise<JourneyArtefact> => {
  const root = rootOf(data);
  const pointer = version === undefined ? await readPointer(root) : undefined;
  const wanted = version ?? pointer?.current;
  if (wanted === undefined || !VERSION.test(wanted)) throw new ThroughlineError('client/noModel', wanted === undefined ? `there is no journey model in ${root}; train one with "throughline train journey"` : `there is no journey model "${printable(wanted)}" in ${root}`, { where: { file: root } });
  const folder = join(root, wanted);
  const manifestFile = join(folder, 'manifest.json');
  const text = await readWhole(manifestFile);
  const manifest = parseManifest(text.toString('utf8'), manifestFile);
  if (pointer !== undefined && sha256(text) !== pointer.sha256) throw corrupt(manifestFile, 'does not match the checksum in current.json');
  const read = async (name: string): Promise<ArrayBuffer> => {
    const file = join(folder, name);
    const stated = manifest.files[name];
    if (stated === undefined) throw corrupt(manifestFile, `does not name ${name}`);
    const bytes = await readWhole(file);
    if (bytes.length !== stated.bytes) throw corrupt(file, `has ${bytes.length} bytes where its manifest says ${stated.bytes}: it is cut short or grew`);
    if (sha256(bytes) !== stated.sha256) throw corrupt(file, 'does not match the checksum in its manifest');
    return wordsOf(bytes);
  };
  const weights: StoredWeights = { layout: manifest.layout, values: new Float32Array(await read('weights.f32')) };
  checkLayout(join(folder, 'weights.f32'), weights);
  const heads = manifest.heads === undefined ? undefined : { ...manifest.heads, values: new Float32Array(await read('heads.f32')) };
  if (heads !== undefined) checkLayout(join(folder, 'heads.f32'), heads);
  const { vocabulary: { attributes, content, ...vocabulary } } = manifest;
  return {
    version: manifest.version, sizes: manifest.sizes, registries: manifest.registries, trainedThrough: manifest.trainedThrough, card: manifest.card,
    vocabulary: { ...vocabulary, attributes: JSON.parse(JSON.stringify(attributes)) as Vocabulary['attributes'], ...(content === undefined ? {} : { content }) },
    weights, gates: new Float32Array(await read('gates.f32')), keys: new Int32Array(await read('items.i32')),
    ...(heads === undefined ? {} : { heads }),
  };
};
