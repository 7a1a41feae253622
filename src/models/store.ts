/**
 * Models on disk: `<data>/models/<version>/{model.json, card.json}`, written whole under a temporary name and renamed, and a
 * pointer file `current.json` with the versions that served before, newest last, for rollback. A file that cannot be read
 * never replaces the model being served: `load` throws, the caller keeps what it has.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isMissing, syncFolder, writeWhole } from '../core/durable.ts';
import { ThroughlineError } from '../core/errors.ts';
import { printable } from '../core/ids.ts';
import { createStoredReader } from '../core/stored-json.ts';

export const MODEL_FORMAT = 1;
/** Where the journey models of the same store are (journey/artefact.ts): beside the versions, and none of them. */
export const JOURNEY_FOLDER = 'journey';
export const DISCOVERY_FOLDER = 'discovery';
/** Folders beside the versions of the second pass in which other models have theirs. */
const OTHER_MODELS: ReadonlySet<string> = new Set([JOURNEY_FOLDER, DISCOVERY_FOLDER]);
const VERSION_PATTERN = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/;

const headSchema = z.object({ name: z.string(), weights: z.array(z.number()), bias: z.number(), floor: z.number().min(0).max(0.5).default(0) });

export const modelSchema = z.object({
  format: z.literal(MODEL_FORMAT),
  model: z.string(),
  version: z.string().regex(VERSION_PATTERN),
  featureSetHash: z.string(),
  features: z.array(z.string()),
  /** One per predicted action: logit = Σ weights·features + bias. */
  heads: z.array(headSchema).min(1),
  /** e_1 = 1, e_2, …; empty where position correction is off. */
  examination: z.array(z.number()),
}).refine((model) => model.heads.every((head) => head.weights.length === model.features.length), 'every head needs one weight per feature');
export type ModelFile = z.infer<typeof modelSchema>;

export const cardSchema = z.object({
  format: z.literal(MODEL_FORMAT),
  model: z.string(),
  version: z.string().regex(VERSION_PATTERN),
  createdAt: z.string(),
  trainedThrough: z.array(z.object({ partition: z.int(), sequence: z.int() })),
  dataWindow: z.object({ from: z.string(), to: z.string() }),
  examples: z.int(),
  figures: z.record(z.string(), z.number()),
  featureSetHash: z.string(),
  /** Git commit where known, else the package's version. */
  commit: z.string(),
  positionCorrection: z.enum(['on', 'off']),
  positionCorrectionWhy: z.string(),
  previous: z.string().nullable(),
  /** What the gate said. */
  gate: z.string(),
  /** SHA-256 of model.json. */
  sha256: z.string(),
});
export type ModelCard = z.infer<typeof cardSchema>;
export interface Stored<Model, Card> { readonly model: Model; readonly card: Card }
export type StoredModel = Stored<ModelFile, ModelCard>;

const pointerSchema = z.object({ format: z.literal(MODEL_FORMAT), current: z.string().regex(VERSION_PATTERN), history: z.array(z.string().regex(VERSION_PATTERN)) });
type Pointer = z.infer<typeof pointerSchema>;

/** Versions of one kind of model in a folder, and which of them serves. */
export interface VersionStore<Model, Card> {
  /** Writes model and card; not yet served. */
  save(model: Model, card: Omit<Card, 'sha256'>): Promise<void>;
  /** Makes a saved version the one that serves. */
  publish(version: string): Promise<void>;
  /** Back to the version that served before. @throws client/noModel where there is none. @returns that version. */
  rollback(): Promise<string>;
  /** The serving version, or undefined before the first. */
  current(): Promise<string | undefined>;
  /** @throws client/noModel, server/storeCorrupt, server/storeNewer */
  load(version: string): Promise<Stored<Model, Card>>;
  /** Saved versions in order of name. */
  versions(): Promise<readonly string[]>;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const readText = async (file: string): Promise<string | undefined> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

const { corrupt, parse } = createStoredReader({
  format: MODEL_FORMAT, corrupt: 'the model being served stays. Train again, or roll back with "throughline model rollback"', newer: 'the model being served stays. Upgrade Throughline, or train again',
});

export interface StoreParts<Model, Card> { readonly root: string; readonly model: z.ZodType<Model>; readonly card: z.ZodType<Card> }

export const openVersionStore = <Model extends { readonly version: string }, Card extends { readonly sha256: string }>({ root, model: shape, card: cardShape }: StoreParts<Model, Card>): VersionStore<Model, Card> => {
  const pointerFile = join(root, 'current.json');
  const pointer = async (): Promise<Pointer | undefined> => {
    const text = await readText(pointerFile);
    return text === undefined ? undefined : parse(pointerSchema, text, pointerFile);
  };
  const point = async (current: string, history: readonly string[]): Promise<void> => {
    await writeWhole(pointerFile, `${JSON.stringify({ format: MODEL_FORMAT, current, history })}\n`);
    await syncFolder(root);
  };
  const load = async (version: string): Promise<Stored<Model, Card>> => {
    const folder = join(root, VERSION_PATTERN.test(version) ? version : '-');
    const [modelText, cardText] = await Promise.all([readText(join(folder, 'model.json')), readText(join(folder, 'card.json'))]);
    if (modelText === undefined || cardText === undefined) throw new ThroughlineError('client/noModel', `there is no model "${printable(version)}" in ${root}`, { where: { file: folder } });
    const card = parse(cardShape, cardText, join(folder, 'card.json'));
    const model = parse(shape, modelText, join(folder, 'model.json'));
    if (sha256(modelText) !== card.sha256) throw corrupt(join(folder, 'model.json'), 'does not match the checksum on its card');
    return { model, card };
  };
  return {
    load,
    save: async (model, card) => {
      const checked = shape.parse(model);
      const text = `${JSON.stringify(checked, undefined, 1)}\n`;
      const full = cardShape.parse({ ...card, sha256: sha256(text) });
      const temporary = join(root, `.${checked.version}.tmp`);
      await rm(temporary, { recursive: true, force: true });
      await mkdir(temporary, { recursive: true });
      await writeWhole(join(temporary, 'model.json'), text);
      await writeWhole(join(temporary, 'card.json'), `${JSON.stringify(full, undefined, 1)}\n`);
      await syncFolder(temporary);
      await rename(temporary, join(root, checked.version));
      await syncFolder(root);
    },
    publish: async (version) => {
      await load(version);
      const at = await pointer();
      if (at?.current !== version) await point(version, at === undefined ? [] : [...at.history, at.current].slice(-20));
    },
    rollback: async () => {
      const at = await pointer();
      const before = at?.history.at(-1);
      if (at === undefined || before === undefined) throw new ThroughlineError('client/noModel', `no model served before the current one in ${root}; there is nothing to roll back to`);
      await load(before);
      await point(before, at.history.slice(0, -1));
      return before;
    },
    current: async () => (await pointer())?.current,
    versions: async () => {
      try {
        const entries = await readdir(root, { withFileTypes: true });
        return entries.filter((entry) => entry.isDirectory() && VERSION_PATTERN.test(entry.name) && !OTHER_MODELS.has(entry.name)).map((entry) => entry.name).sort();
      } catch (error) {
        if (isMissing(error)) return [];
        throw error;
      }
    },
  };
};

/** The second pass's models of one data folder. */
export type ModelStore = VersionStore<ModelFile, ModelCard>;
export const createModelStore = (data: string): ModelStore => openVersionStore({ root: join(data, 'models'), model: modelSchema, card: cardSchema });
