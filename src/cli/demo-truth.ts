/** The demo world made again from a seed, and its model held against the truth on impressions that came after training. */
import { DAY, manualClock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import { candidateOf, requestOf, type TrackingId } from '../core/ids.ts';
import { seededRandom } from '../core/random.ts';
import { decodeServed } from '../funnel/served.ts';
import { reliability, type Reliability } from '../models/calibration.ts';
import { examinationAt } from '../models/examination.ts';
import type { ModelCard, ModelFile } from '../models/store.ts';
import { createSecondPass } from '../feed/second-pass.ts';
import { parameters, RESPONSE_NAMES, type ResponseName, type Scalars } from '../world/parameters.ts';
import type { Responses } from '../world/truth.ts';
import { chanceOfAny, polarityOf } from '../world/satisfaction.ts';
import type { SessionParts } from '../world/session.ts';
import { createWorld } from '../world/world.ts';
import type { World } from '../world/world.ts';
import { houseAt, type House } from './demo-house.ts';
import { lived, past, type Making } from './demo-life.ts';
import type { Progress } from './progress.ts';

/** Impressions in order of life: what was predicted for each, what was true, and what happened. All as P(any positive action | impression). */
export interface Judged {
  readonly predicted: Float64Array;
  readonly true: Float64Array;
  readonly happened: Uint8Array;
  /** By action that the model has a head for: sums over the impressions. */
  readonly actions: ReadonlyMap<string, Sums>;
}

/** What was predicted in all, and what was true. */
interface Sums { predicted: number; true: number }

export interface TruthRun {
  readonly model: ModelFile;
  readonly card: ModelCard;
  readonly fresh: Judged;
  /** True examination at the positions of the model's curve. */
  readonly examination: readonly number[];
}

export interface TruthReport {
  readonly version: string;
  readonly learnedFrom: number;
  readonly fresh: number;
  /** Positions that had impressions enough to be told apart; beyond them the curve is an extension of these. */
  readonly depth: number;
  readonly examination: readonly { readonly position: number; readonly recovered: number; readonly true: number; readonly error: number }[];
  /** Largest relative error of the recovered curve within the depth. */
  readonly examinationError: number;
  /** Against the true probabilities: free of the noise of what happened to happen. */
  readonly truth: Reliability;
  /** Against what happened. */
  readonly labels: Reliability;
  /** Action by action: how many the truth expects on the fresh impressions, over how many the model does. */
  readonly actions: readonly { readonly action: string; readonly true: number; readonly ratio: number }[];
}

export const reportOf = ({ model, card, fresh, examination: truth }: TruthRun): TruthReport => {
  const depth = card.figures['examinationDepth'] ?? 0;
  const examination = truth.slice(0, depth).map((e, k) => {
    const recovered = model.examination[k] ?? 0;
    return { position: k + 1, recovered, true: e, error: recovered / e - 1 };
  });
  return {
    version: model.version, learnedFrom: card.examples, fresh: fresh.predicted.length, depth, examination,
    examinationError: Math.max(...examination.map(({ error }) => Math.abs(error))),
    truth: reliability(fresh.predicted, fresh.true), labels: reliability(fresh.predicted, fresh.happened),
    actions: [...fresh.actions].map(([action, sums]) => ({ action, true: sums.true, ratio: sums.true / sums.predicted })),
  };
};

export interface TruthOptions {
  readonly seed: number;
  /** An empty folder. */
  readonly data: string;
  /** Days of visits after training, served by the trained model. */
  readonly freshDays: number;
  readonly progress: Progress;
  readonly values?: Partial<Scalars>;
}

/** The demo's world with more people in it: enough impressions for figures of a few per cent. */
export const TRUTH_SIZE: Partial<Scalars> = { members: 400 };

/** A Monday, so that runs of any day of ours are the same run. */
const START = Date.UTC(2026, 0, 5);

/** A card that came into view: how likely it truly was looked at, and what was then done with which chance. */
interface Seen { readonly trackingId: string; readonly position: number; readonly examined: number; readonly responses: Responses; readonly happened: boolean }

const watcher = (world: World, into: Seen[]): NonNullable<SessionParts['observe']> => (person, { card, exposure, responses }) => {
  into.push({
    trackingId: card.trackingId, position: card.position + 1, examined: world.truth.examination(card.position), responses: world.truth.responses(person, exposure),
    happened: responses.some((name) => polarityOf(name) === 1),
  });
};

/** What the model calls a long view is long for its kind and surface; the truth's is as long for all, and says nothing of it. */
const RELATIVE: ResponseName = 'longView';

const judge = ({ log, state }: House['platform'], model: ModelFile, seen: readonly Seen[]): Judged => {
  const scorer = createSecondPass(model);
  const judged = { predicted: new Float64Array(seen.length), true: new Float64Array(seen.length), happened: new Uint8Array(seen.length), actions: new Map<string, Sums>() };
  const heads = scorer.heads.flatMap((name, head) => (name !== RELATIVE && RESPONSE_NAMES.includes(name as ResponseName) ? [{ name: name as ResponseName, head }] : []));
  for (const { name } of heads) judged.actions.set(name, { predicted: 0, true: 0 });
  const pages = new Map<string, Map<number, Float32Array>>();
  seen.forEach(({ trackingId, position, examined, responses, happened }, row) => {
    const request = requestOf(trackingId as TrackingId);
    let page = pages.get(request);
    if (page === undefined) {
      const record = log.get({ partition: 0, sequence: state.pages.find(request) });
      page = new Map(record === undefined ? [] : decodeServed(record.payload).items.map((item) => [item.candidate, item.features]));
      pages.set(request, page);
    }
    const features = page.get(candidateOf(trackingId as TrackingId));
    if (features === undefined) throw new ThroughlineError('server/internal', `the served record of ${trackingId} is not in the log`);
    const expected = examinationAt(model.examination, position);
    judged.predicted[row] = expected * scorer.predict(features, 0, 0);
    for (const { name, head } of heads) {
      const sums = judged.actions.get(name);
      if (sums === undefined) continue;
      sums.predicted += expected * scorer.predict(features, 0, head);
      sums.true += examined * responses[name];
    }
    judged.true[row] = examined * chanceOfAny(1, responses);
    judged.happened[row] = happened ? 1 : 0;
  });
  return judged;
};

/** Bit for bit the same for the same seed. */
export const runTruth = async ({ seed, data, freshDays, progress, values }: TruthOptions): Promise<TruthRun> => {
  const world = createWorld(parameters({ ...values, seed }));
  const clock = manualClock(START);
  const house = await houseAt({ host: '127.0.0.1', port: 0 })({ data, clock, history: true, random: seededRandom(seed).fork('platform') });
  try {
    const making: Making = { world, house, clock, progress, signal: new AbortController().signal };
    await past(making);
    const version = await house.platform.models.current();
    if (version === undefined) throw new ThroughlineError('server/internal', 'the gate published no model of this world');
    const { model, card } = await house.platform.models.load(version);
    const seen: Seen[] = [];
    await lived(making, { run: 'j', until: clock.now() + freshDays * DAY, observe: watcher(world, seen) });
    await house.platform.idle();
    return { model, card, fresh: judge(house.platform, model, seen), examination: model.examination.map((_, k) => world.truth.examination(k)) };
  } finally {
    await house.close();
  }
};
