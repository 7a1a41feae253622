/**
 * Trains the journey model on a store's log and makes it the one that serves. A run that is stopped leaves its checkpoint and how far the
 * log had been read, so that the same call goes on with the same data although members went on meanwhile.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import { isMissing, writeWhole } from '../../core/durable.ts';
import { ThroughlineError } from '../../core/errors.ts';
import type { Log, Position } from '../../log/port.ts';
import type { TrainingEvent } from '../../nn/loop.ts';
import { lockTraining } from '../../nn/training-lock.ts';
import { seededRandom } from '../../core/random.ts';
import type { Split } from '../sequences/data.ts';
import { readSequences, trainingSplit, type LogSequences } from '../sequences/from-log.ts';
import { readJourneys } from '../sequences/ranking-examples.ts';
import { createDiary, journeyFolder, runFolder } from './diary.ts';
import { JOURNEY_FORMAT, writeJourney, type JourneyArtefact, type JourneyCard } from './artefact.ts';
import { fitJourney, type FittedJourney } from './fit.ts';
import { trainHeads, type HeadFigures, type TrainedHeads } from './heads.ts';
import { createJourneyReader } from './reader.ts';
import { trainedParts, type Trained } from './trained.ts';

export interface TrainJourneyOptions {
  /** The store's folder: checkpoints and the model go to `<data>/models/journey`. */
  readonly data: string;
  readonly seed: number;
  readonly clock: Clock;
  /** Git commit of the code, or the package's version. */
  readonly commit: string;
  readonly signal?: AbortSignal;
  readonly budgetMs?: number;
  /** Forget a run that was stopped. */
  readonly fresh?: boolean;
  readonly onEvent?: (event: TrainingEvent) => void;
}

export interface JourneyOutcome {
  /** The version that serves now; absent where the run was stopped: the same call goes on from its checkpoint. */
  readonly version?: string;
  readonly reason: string;
  readonly card: JourneyCard;
}

/** Less than this teaches nothing. */
const LEAST_EVENTS = 200;
const LEAST_MEMBERS = 5;
const NO_CARD: JourneyCard = { createdAt: '', chosen: '', protocol: '', figures: {}, curve: [], members: 0, events: 0, parameters: 0, seed: 0, seconds: 0, commit: '' };

/** A run of another format began with another model. */
const runSchema = z.object({ format: z.literal(JOURNEY_FORMAT), seed: z.number(), through: z.array(z.object({ partition: z.int(), sequence: z.int() })) });
type RunFile = z.infer<typeof runSchema>;

/** How far the log is read: as far as the run that was stopped had, where there is one with this seed. */
const beginRun = async (log: Log, { data, seed, fresh = false }: TrainJourneyOptions): Promise<readonly Position[]> => {
  const folder = runFolder(data);
  const file = join(folder, 'run.json');
  if (fresh) await rm(folder, { recursive: true, force: true });
  try {
    const found = runSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
    if (found.success && found.data.seed === seed) return found.data.through;
  } catch (error) {
    if (!isMissing(error) && !(error instanceof SyntaxError)) throw error;
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const run: RunFile = { format: JOURNEY_FORMAT, seed, through: log.end().map(({ partition, sequence }) => ({ partition, sequence })) };
  await writeWhole(file, `${JSON.stringify(run)}\n`);
  return run.through;
};

const checkEnough = ({ members, item }: LogSequences['data']): void => {
  if (members >= LEAST_MEMBERS && item.length >= LEAST_EVENTS) return;
  throw new ThroughlineError('client/noData', `the store holds ${item.length} events of ${members} members that a journey model may learn from; it needs ${LEAST_EVENTS} of ${LEAST_MEMBERS}. Import a log, or let members use the feed for a while`);
};

const chosenOf = ({ result: { best, reason }, plan, chose, refitted, validated }: FittedJourney): string => {
  if (best === null) return `nothing: ${reason} before the first validation`;
  const epochs = `epoch ${best.epoch + 1} of ${plan.epochs}`;
  if (!chose) return `${epochs}, all that were planned: too few members to choose by`;
  return `${epochs}, by ${validated} members' next items${refitted ? '; then a few more through everything' : ''}`;
};

const cardOf = (fitted: FittedJourney, { data }: LogSequences, { clock, seed, commit, createdAt }: Pick<TrainJourneyOptions, 'clock' | 'seed' | 'commit'> & { readonly createdAt: number }): JourneyCard => {
  const { result, arena, split } = fitted;
  const chosen = result.curve.find(({ epoch }) => epoch === result.best?.epoch);
  return {
    createdAt: new Date(clock.now()).toISOString(), chosen: chosenOf(fitted), protocol: split.protocol,
    figures: chosen === undefined || !fitted.chose ? {} : { 'ndcg@10': chosen.metric, ...chosen.details },
    curve: result.curve.map(({ epoch, loss, metric }) => ({ epoch, loss, metric })),
    members: data.members, events: data.item.length, parameters: arena.values.length, seed, seconds: (clock.now() - createdAt) / 1000, commit,
    dataHash: fitted.dataHash, machine: { processor: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), node: process.version },
  };
};

const versionOf = (values: Float32Array, createdAt: string): string => {
  const digest = createHash('sha256').update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)).digest('hex').slice(0, 6);
  return `journey-${createdAt.replace(/[-:]|\.\d+Z$/g, '')}-${digest}`;
};

/** Fits the heads to requests after the moment that the trunk was trained to; none where there are too few of them. */
const headsOf = async (log: Log, { chosen, split, options }: { readonly chosen: Trained; readonly split: Split; readonly options: TrainJourneyOptions }): Promise<TrainedHeads | undefined> => {
  const { seed, clock, signal } = options;
  const random = seededRandom(seed).fork('heads');
  const after = split.cutoffs?.validation;
  if (after === undefined) return undefined;
  const journeys = await readJourneys(log, { random });
  const reader = createJourneyReader({ version: 'chosen', ...trainedParts(chosen), registries: { actions: [], surfaces: [] }, trainedThrough: [], card: NO_CARD });
  try {
    return await trainHeads(reader, journeys, { seed, random, clock, after, ...(signal === undefined ? {} : { signal }) });
  } finally {
    await reader.close();
  }
};

/** Figures of a card: what each step of ranking is worth, NDCG@10 on the same later requests. */
export const STEPS = { state: 'state ndcg@10', linear: 'linear ndcg@10', plain: 'features ndcg@10', light: 'light ndcg@10', finalists: 'finalists ndcg@10' } as const;
export const HEAD_REQUESTS = 'head requests';

const withHeads = (card: JourneyCard, figures: HeadFigures | undefined): JourneyCard => {
  if (figures === undefined) return card;
  const { state, linear, plain, light, finalists, requests } = figures;
  return { ...card, figures: { ...card.figures, [STEPS.state]: state, [STEPS.linear]: linear, [STEPS.plain]: plain, [STEPS.light]: light, [STEPS.finalists]: finalists, [HEAD_REQUESTS]: requests } };
};

/**
 * @throws client/noData where there is too little; server/storeInUse where another process trains in this folder; server/diverged,
 * server/storeUnwritable: the model before stays
 */
export const trainJourney = async (log: Log, options: TrainJourneyOptions): Promise<JourneyOutcome> => {
  const release = await lockTraining(journeyFolder(options.data));
  try {
    return await trainAlone(log, options);
  } finally {
    release();
  }
};

const trainAlone = async (log: Log, options: TrainJourneyOptions): Promise<JourneyOutcome> => {
  const { data: folder, clock, seed, commit } = options;
  const createdAt = clock.now();
  const through = await beginRun(log, options);
  const sequences = await readSequences(log, { through });
  checkEnough(sequences.data);
  const { signal, budgetMs } = options;
  const diary = createDiary(folder);
  const onEvent = (event: TrainingEvent): void => { diary(event); options.onEvent?.(event); };
  let trained: TrainedHeads | undefined;
  const onChosen = async (chosen: Trained): Promise<void> => { trained = await headsOf(log, { chosen, split, options }); };
  const split = trainingSplit(sequences.data);
  const fitted = await fitJourney(sequences.data, {
    seed, clock, onEvent, onChosen, split, folder: runFolder(folder),
    ...(signal === undefined ? {} : { signal }), ...(budgetMs === undefined ? {} : { budgetMs }),
  });
  const card = withHeads(cardOf(fitted, sequences, { clock, seed, commit, createdAt }), trained?.figures);
  if (fitted.result.reason === 'stopped' || fitted.result.best === null) return { reason: 'stopped: the same command goes on from the checkpoint', card };
  const parts = trainedParts(fitted);
  const artefact: JourneyArtefact = {
    version: versionOf(parts.weights.values, card.createdAt), ...parts,
    registries: { actions: sequences.data.actions, surfaces: sequences.data.surfaces },
    trainedThrough: through.map(({ partition, sequence }) => ({ partition, sequence })), card,
    ...(trained === undefined ? {} : { heads: trained.heads }),
  };
  await writeJourney(folder, artefact);
  await rm(runFolder(folder), { recursive: true, force: true });
  return { version: artefact.version, reason: card.chosen, card };
};
