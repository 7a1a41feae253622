/** Trains the second pass on a log, judges it against the model that serves, and publishes it or says why not. */
import { createHash } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import type { Log, Position } from '../log/port.ts';
import { createExampleBuffer } from './example-buffer.ts';
import { enoughImpressions, gatherImpressions, gatherTouches, LEAST_IMPRESSIONS, LEAST_POSITIVES } from './examples.ts';
import { FEATURE_NAMES, FEATURE_SET_HASH, FEATURES } from './features.ts';
import { gate, type Verdict } from './gate.ts';
import { learnImpressions } from './learn-impressions.ts';
import { learnTouches } from './learn-touches.ts';
import type { Learned } from './learned.ts';
import { positives } from './logistic.ts';
import { MODEL_FORMAT, type ModelCard, type ModelFile, type ModelStore, type StoredModel } from './store.ts';

export interface TrainParts {
  readonly log: Log;
  readonly store: ModelStore;
  readonly clock: Clock;
  readonly random: Random;
  /** Git commit of the code, or the package's version. */
  readonly commit: string;
  readonly onProgress?: (share: number, doing: string) => void;
}

export interface TrainOutcome {
  readonly version: string;
  /** Whether it is the one that serves now; otherwise `reason` says why not. */
  readonly published: boolean;
  readonly reason: string;
  readonly card: ModelCard;
}

const LEAST_TOUCHES = 100;
export const MODEL_NAME = 'second-pass';

/** From impressions where there are enough, else from touches. @throws client/noData */
const learn = async ({ log, random, onProgress }: TrainParts): Promise<Learned> => {
  const impressions = createExampleBuffer(FEATURES);
  await gatherImpressions(log, impressions, (share) => onProgress?.(0.2 * share, 'reading what was shown'));
  const fitting = { random: random.fork('fit'), onProgress: (share: number, doing: string) => onProgress?.(0.5 + 0.5 * share, doing) };
  if (enoughImpressions(impressions)) return learnImpressions(impressions, fitting);
  const touches = createExampleBuffer(FEATURES);
  await gatherTouches(log, touches, { random, onProgress: (share) => onProgress?.(0.2 + 0.3 * share, 'replaying touches') });
  const queries = positives(touches.slice(0, touches.count, 1));
  if (queries < LEAST_TOUCHES) {
    throw new ThroughlineError('client/noData', `the store holds ${impressions.count} impressions and ${queries} usable touches; training needs ${LEAST_IMPRESSIONS} impressions with ${LEAST_POSITIVES} acted on, or ${LEAST_TOUCHES} touches. Import a log, or serve feeds for a while`);
  }
  return learnTouches(touches, fitting);
};

/** The model that serves, as far as this code can still ask it. */
const servingModel = async (store: ModelStore): Promise<{ readonly version: string | undefined; readonly model: StoredModel | undefined }> => {
  const version = await store.current();
  if (version === undefined) return { version, model: undefined };
  try {
    return { version, model: await store.load(version) };
  } catch (error) {
    // A serving model that cannot be read must not keep a good one from replacing it.
    if (error instanceof ThroughlineError) return { version, model: undefined };
    throw error;
  }
};

const judge = (learned: Learned, serving: StoredModel | undefined): Verdict => {
  const head = serving?.model.featureSetHash === FEATURE_SET_HASH ? serving.model.heads[0] : undefined;
  if (serving === undefined || head === undefined) {
    const verdict = gate({ auc: learned.figures.auc });
    return serving === undefined ? verdict : { ...verdict, reason: `${verdict.reason}; ${serving.model.version} knows other features and cannot be compared` };
  }
  return gate({ auc: learned.figures.auc, against: { serving: serving.model.version, ...learned.compare({ weights: Float64Array.from(head.weights), bias: head.bias, floor: head.floor }) } });
};

const fileOf = (learned: Learned, createdAt: number): ModelFile => {
  const heads = learned.heads.map(({ name, head }) => ({ name, weights: [...head.weights], bias: head.bias, floor: head.floor ?? 0 }));
  const digest = createHash('sha256').update(JSON.stringify([heads, learned.examination])).digest('hex').slice(0, 6);
  const stamp = new Date(createdAt).toISOString().replace(/[-:]|\.\d+Z$/g, '');
  return { format: MODEL_FORMAT, model: MODEL_NAME, version: `${MODEL_NAME}-${stamp}-${digest}`, featureSetHash: FEATURE_SET_HASH, features: [...FEATURE_NAMES], heads, examination: [...learned.examination] };
};

const iso = (at: number): string => new Date(at).toISOString();

/**
 * Saves model and card in any case; publishes when the gate lets it. The caller swaps the serving process.
 * @throws client/noData where there is too little to learn from
 */
export const train = async (parts: TrainParts): Promise<TrainOutcome> => {
  const { log, store, clock } = parts;
  const trainedThrough: Position[] = log.end().map(({ partition, sequence }) => ({ partition, sequence }));
  const learned = await learn(parts);
  const serving = await servingModel(store);
  const { publish, reason } = judge(learned, serving.model);
  const createdAt = clock.now();
  const model = fileOf(learned, createdAt);
  await store.save(model, {
    format: MODEL_FORMAT, model: MODEL_NAME, version: model.version, createdAt: iso(createdAt), trainedThrough,
    dataWindow: { from: iso(learned.from), to: iso(learned.to) }, examples: learned.examples,
    figures: Object.fromEntries(Object.entries(learned.figures).filter(([, value]) => Number.isFinite(value))),
    featureSetHash: FEATURE_SET_HASH, commit: parts.commit, positionCorrection: learned.positionCorrection, positionCorrectionWhy: learned.positionCorrectionWhy,
    previous: serving.version ?? null, gate: reason,
  });
  if (publish) await store.publish(model.version);
  return { version: model.version, published: publish, reason, card: (await store.load(model.version)).card };
};
