/** Which models there are, which serves, and how the one in training goes: what the console's page of models shows. Reads files alone. */
import type { ActionValues } from '../feed/values.ts';
import { ThroughlineError } from '../core/errors.ts';
import { currentJourney, describeJourney, journeyVersions } from '../models/journey/artefact.ts';
import { readRun, type CurvePoint, type JourneyRunView } from '../models/journey/diary.ts';
import type { ModelStore } from '../models/store.ts';

export interface ModelFault { readonly version: string; readonly detail: string }

export interface JourneyModelView {
  readonly version: string;
  readonly serves: boolean;
  readonly createdAt: string;
  /** What came out of which data: "epoch 9 of 24 …". */
  readonly chosen: string;
  readonly protocol: string;
  readonly figures: Readonly<Record<string, number>>;
  readonly curve: readonly CurvePoint[];
  readonly members: number;
  readonly events: number;
  readonly items: number;
  readonly parameters: number;
  readonly bytes: number;
  readonly sizes: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly seconds: number;
  readonly commit: string;
  /** SHA-256 of what was learned from; null on older cards. */
  readonly dataHash: string | null;
  readonly machine: Readonly<Record<string, string | number>> | null;
}

export interface SecondPassView {
  readonly version: string;
  readonly serves: boolean;
  readonly createdAt: string;
  readonly examples: number;
  readonly figures: Readonly<Record<string, number>>;
  readonly gate: string;
  readonly commit: string;
}

export interface ModelsView {
  readonly journey: { readonly serving: string | null; readonly run: JourneyRunView | null; readonly versions: readonly JourneyModelView[] };
  /** `values`: what its predictions are worth in the feed. */
  readonly secondPass: { readonly serving: string | null; readonly values: ActionValues; readonly versions: readonly SecondPassView[] };
  /** Versions that cannot be read, and why. */
  readonly faults: readonly ModelFault[];
}

export interface Serving { readonly journey: string; readonly secondPass: string; readonly values: ActionValues }

/** Versions shown, the newest; older ones of the second pass are kept for as long as nobody removes them. */
const SHOWN = 12;

const newestFirst = (a: { readonly createdAt: string; readonly version: string }, b: { readonly createdAt: string; readonly version: string }): number => b.createdAt.localeCompare(a.createdAt) || b.version.localeCompare(a.version);

/** What can be read of each version; what cannot goes to `faults`. */
const readEach = async <T>(versions: readonly string[], faults: ModelFault[], read: (version: string) => Promise<T>): Promise<readonly T[]> => {
  const found: T[] = [];
  for (const version of versions) {
    try {
      found.push(await read(version));
    } catch (error) {
      if (!(error instanceof ThroughlineError)) throw error;
      faults.push({ version, detail: error.message });
    }
  }
  return found;
};

const journeyOf = async (data: string, version: string, serving: string): Promise<JourneyModelView> => {
  const { card, sizes, items, bytes } = await describeJourney(data, version);
  const validated = card.figures['ndcg@10'] !== undefined;
  const { createdAt, chosen, protocol, figures, members, events, parameters, seed, seconds, commit, dataHash = null, machine = null } = card;
  return {
    version, serves: version === serving, createdAt, chosen, protocol, figures, members, events, items, parameters, bytes, seed, seconds, commit, dataHash, machine,
    sizes: { ...sizes }, curve: card.curve.map(({ epoch, loss, metric }) => ({ epoch: epoch + 1, loss, metric: validated ? metric : null })),
  };
};

/** A pointer that cannot be read is a fault like a version that cannot: what serves, serves on. */
const pointerOf = async (faults: ModelFault[], read: () => Promise<string | undefined>): Promise<void> => { await readEach(['current.json'], faults, read); };

export const readModels = async (data: string, store: ModelStore, serving: Serving): Promise<ModelsView> => {
  const faults: ModelFault[] = [];
  await pointerOf(faults, () => currentJourney(data));
  await pointerOf(faults, () => store.current());
  const journeys = await readEach(await journeyVersions(data), faults, (version) => journeyOf(data, version, serving.journey));
  const saved = (await store.versions()).slice(-SHOWN);
  const secondPass = await readEach(saved, faults, async (version): Promise<SecondPassView> => {
    const { card: { createdAt, examples, figures, gate, commit } } = await store.load(version);
    return { version, serves: version === serving.secondPass, createdAt, examples, figures, gate, commit };
  });
  return {
    journey: { serving: serving.journey === '' ? null : serving.journey, run: await readRun(data) ?? null, versions: [...journeys].sort(newestFirst) },
    secondPass: { serving: serving.secondPass === '' ? null : serving.secondPass, values: serving.values, versions: [...secondPass].sort(newestFirst) },
    faults,
  };
};

/** Of a platform without a folder. */
export const noModels = (values: ActionValues): ModelsView => ({ journey: { serving: null, run: null, versions: [] }, secondPass: { serving: null, values, versions: [] }, faults: [] });
