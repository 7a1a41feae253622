/**
 * A training run on disk: `<folder>/<name>/{manifest.json, weights.f32, moments.f32, …}`, numbers little-endian, and `current.json`
 * that points at the one that counts. A checkpoint is written whole under a temporary name and flushed before it is renamed, then the
 * pointer moves, and only then the one before goes. Whatever happens on the way, the pointer leads to a whole checkpoint.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { isMissing, syncFolder, writeFlushed, writeWhole } from '../core/durable.ts';
import { ThroughlineError } from '../core/errors.ts';
import { createStoredReader } from '../core/stored-json.ts';
import type { LayoutEntry } from './arena.ts';

export const CHECKPOINT_FORMAT = 1;
const NAME = /^epoch-\d{4,9}-batch-\d{6,9}$/;
const TEMPORARY = '.new';
const ADVICE = 'the run cannot go on from it: remove the folder, or train into another';

/** How the model did after an epoch. Times are in milliseconds of this run, earlier stretches included. */
const epochSchema = z.object({
  epoch: z.int(), loss: z.number(), metric: z.number(), details: z.record(z.string(), z.number()), elapsedMs: z.number(),
});
export type EpochFigures = Readonly<z.infer<typeof epochSchema>>;

const progressSchema = z.object({
  /** What runs next: this batch of this epoch, both from 0. `batch` may be the number of batches: validation comes next. */
  epoch: z.int(), batch: z.int(),
  /** Steps of the optimiser so far. */
  step: z.int(),
  /** Sums over the batches of the epoch that has begun. */
  loss: z.number(), targets: z.number(),
  best: z.object({ epoch: z.int(), metric: z.number() }).nullable(),
  curve: z.array(epochSchema),
  elapsedMs: z.number(),
});
export type TrainingProgress = Readonly<z.infer<typeof progressSchema>>;

const jsonSchema = z.record(z.string(), z.json());
/** What makes two runs the same run; when one of these differs, the checkpoint belongs to another. */
const identitySchema = z.object({ seed: z.number(), model: jsonSchema, recipe: jsonSchema, dataHash: z.string() });
export type RunIdentity = Readonly<z.infer<typeof identitySchema>>;
/** What the same bits are promised for: version of ONNX Runtime, processor, micro-batch. */
const machineSchema = z.record(z.string(), z.union([z.string(), z.number()]));
export type MachineFacts = Readonly<z.infer<typeof machineSchema>>;

const layoutSchema = z.array(z.object({ name: z.string(), shape: z.array(z.int()), offset: z.int() }));
const fileSchema = z.object({ bytes: z.int(), sha256: z.string() });
const manifestSchema = z.object({
  format: z.literal(CHECKPOINT_FORMAT), identity: identitySchema, machine: machineSchema, layout: layoutSchema, progress: progressSchema,
  files: z.record(z.string().regex(/^[a-z]+\.(?:f32|i32)$/), fileSchema),
});
const pointerSchema = z.object({ format: z.literal(CHECKPOINT_FORMAT), current: z.string().regex(NAME), sha256: z.string() });

/** The arrays of a checkpoint by file name: `weights.f32` (laid out as the arena), `moments.f32` (twice that), and so on. */
export type CheckpointArrays = Readonly<Record<string, Float32Array | Int32Array>>;

export interface Checkpoint {
  readonly identity: RunIdentity;
  readonly machine: MachineFacts;
  readonly layout: readonly LayoutEntry[];
  readonly progress: TrainingProgress;
  readonly arrays: CheckpointArrays;
}

export interface CheckpointStore {
  /**
   * Resolves with the checkpoint's folder when it is on disk and is the current one. Nothing may change the arrays meanwhile.
   * @throws server/storeUnwritable: the checkpoint before stays current; server/storeCorrupt, server/storeNewer for a pointer that cannot be read
   */
  save(checkpoint: Checkpoint): Promise<string>;
  /** The current checkpoint, checked byte by byte; undefined before the first. @throws server/storeCorrupt, server/storeNewer */
  load(): Promise<Checkpoint | undefined>;
}

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

const littleEndian = (array: Float32Array | Int32Array): Uint8Array => {
  const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  return endianness() === 'LE' ? bytes : Buffer.from(bytes).swap32();
};
const fromLittleEndian = (file: string, bytes: Buffer): Float32Array | Int32Array => {
  const own = new Uint8Array(bytes.length);
  own.set(endianness() === 'LE' ? bytes : bytes.swap32());
  return file.endsWith('.i32') ? new Int32Array(own.buffer) : new Float32Array(own.buffer);
};

const { corrupt, parse, readWhole } = createStoredReader({ format: CHECKPOINT_FORMAT, corrupt: ADVICE, newer: 'upgrade Throughline, or train into another folder' });

const nameOf = ({ epoch, batch }: TrainingProgress): string => `epoch-${String(epoch).padStart(4, '0')}-batch-${String(batch).padStart(6, '0')}`;

/** Writes every file of a checkpoint into `folder`, flushed. @returns the manifest's hash */
const writeFiles = async (folder: string, { arrays, ...described }: Checkpoint): Promise<string> => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const files: Record<string, z.infer<typeof fileSchema>> = {};
  for (const [name, array] of Object.entries(arrays)) {
    const bytes = littleEndian(array);
    await writeFlushed(join(folder, name), bytes);
    files[name] = { bytes: bytes.length, sha256: sha256(bytes) };
  }
  const manifest = `${JSON.stringify({ format: CHECKPOINT_FORMAT, ...described, files }, undefined, 1)}\n`;
  await writeFlushed(join(folder, 'manifest.json'), manifest);
  await syncFolder(folder);
  return sha256(manifest);
};

const readPointer = async (root: string): Promise<z.infer<typeof pointerSchema> | undefined> => {
  const file = join(root, 'current.json');
  try {
    return parse(pointerSchema, await readFile(file, 'utf8'), file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** Checkpoints that do not count: the one before, and what an interrupted write left. */
const removeOthers = async (root: string, current: string): Promise<void> => {
  for (const name of await readdir(root)) {
    const isCheckpoint = NAME.test(name.endsWith(TEMPORARY) ? name.slice(0, -TEMPORARY.length) : name);
    if (isCheckpoint && name !== current) await rm(join(root, name), { recursive: true, force: true });
  }
};

const unwritable = (error: unknown, folder: string, before: string | undefined): ThroughlineError => {
  const [reason, file] = error instanceof Error ? [error.message, 'path' in error && typeof error.path === 'string' ? error.path : folder] : [String(error), folder];
  const kept = before === undefined ? 'there is no earlier checkpoint' : `the checkpoint ${before} before it is whole and stays the current one`;
  return new ThroughlineError('server/storeUnwritable', `the checkpoint ${file} could not be written (${reason}); ${kept}: free or repair the disk, then run the same command to go on from there`, { where: { file }, cause: error });
};

/** The checkpoints of one run. One process writes them at a time. */
export const createCheckpointStore = (root: string): CheckpointStore => {
  const publish = async (name: string, checkpoint: Checkpoint): Promise<void> => {
    const [folder, temporary] = [join(root, name), join(root, `${name}${TEMPORARY}`)];
    const hash = await writeFiles(temporary, checkpoint);
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
    await syncFolder(root);
    await writeWhole(join(root, 'current.json'), `${JSON.stringify({ format: CHECKPOINT_FORMAT, current: name, sha256: hash })}\n`);
    await syncFolder(root);
  };
  return {
    save: async (checkpoint) => {
      const name = nameOf(checkpoint.progress);
      const folder = join(root, name);
      let before: string | undefined;
      try {
        before = (await readPointer(root))?.current;
        // The same place of the same run: what is there is what would be written, and it must not be taken away first.
        if (before === name) return folder;
        await publish(name, checkpoint);
      } catch (error) {
        // The room it took may be what others lack; when even that fails, the next save removes it.
        await rm(`${folder}${TEMPORARY}`, { recursive: true, force: true }).catch(() => undefined);
        throw error instanceof ThroughlineError ? error : unwritable(error, folder, before);
      }
      // A leftover costs room and nothing else; the next save tries again.
      await removeOthers(root, name).catch(() => undefined);
      return folder;
    },
    load: async () => {
      const pointer = await readPointer(root);
      if (pointer === undefined) return undefined;
      const folder = join(root, pointer.current);
      const manifestFile = join(folder, 'manifest.json');
      const text = await readWhole(manifestFile);
      const { files, identity, machine, layout, progress } = parse(manifestSchema, text.toString('utf8'), manifestFile);
      if (sha256(text) !== pointer.sha256) throw corrupt(manifestFile, 'does not match the checksum in current.json');
      const arrays: Record<string, Float32Array | Int32Array> = {};
      for (const [name, { bytes: expected, sha256: hash }] of Object.entries(files)) {
        const file = join(folder, name);
        const bytes = await readWhole(file);
        if (bytes.length !== expected) throw corrupt(file, `has ${bytes.length} bytes where its manifest says ${expected}: it is cut short or grew`);
        if (sha256(bytes) !== hash) throw corrupt(file, 'does not match the checksum in its manifest');
        arrays[name] = fromLittleEndian(name, bytes);
      }
      return { identity, machine, layout, progress, arrays };
    },
  };
};
