/** The trained models of a recipe's table: the journey model and its plain twin, by the same loss, loop and rules. */
import { systemClock } from '../../core/clock.ts';
import { train } from '../../nn/loop.ts';
import { machineFacts } from '../../nn/machine.ts';
import { beginNearNeighbours } from './beginnings.ts';
import type { Candidate, Fit, FitOptions, FittedScorer } from './fit.ts';
import type { SequenceData, SequenceScorer, Split } from './data.ts';
import { LATELY, lately, latelyFactors, remembering, trusted, TRUSTS, type LatelySettings } from './lately.ts';
import { journeyModel, sasrecModel, type ModelSizes, type SequenceModel } from './model.ts';
import { MIXTURES, mixture } from './mixture.ts';
import { recentNeighbours } from './neighbours.ts';
import { metricsOf, rank, type Metrics } from './protocol.ts';
import { planFor, type Plan } from './sizes.ts';
import { createSequenceTask } from './task.ts';
import { ITEMS } from './tokens.ts';
import { identityOf, MOVES } from './training.ts';
import { vocabularyOf, type Vocabulary } from './vocabulary.ts';
import { createScorer } from './scorer.ts';

const TOKENS = 2048;
const PATIENCE = 8;
/** Members that a mixture is chosen on. */
const MIXTURE_MEMBERS = 6000;
/** Scores held while one choice after the other is made of them: 128 MB. */
const REMEMBERED_MAX: number = 1 << 25;

/** SASRec as it is published: 64 wide, whatever the catalogue. */
const plain = (plan: Plan): Plan => ({ ...plan, sizes: { ...plan.sizes, width: 64 }, rate: 2e-3, beginNear: false, aheadPercent: 0 });

type Make = (sizes: ModelSizes, vocabulary: Vocabulary) => SequenceModel;
/** How a fit goes on: as validation says, or through so many epochs of a plan that it said before. */
interface Course { readonly plan: Plan; readonly epochs?: number }

const fitOnce = async (make: Make, { plan, epochs }: Course, [data, split, { seed, budgetSeconds, signal, report, folder }]: Parameters<Fit>): Promise<FittedScorer> => {
  const model = make(plan.sizes, vocabularyOf(data));
  const { batch, negatives, aheadPercent } = plan;
  const task = createSequenceTask(model, { data, split }, { seed, batch, tokens: TOKENS, negatives, aheadPercent });
  if (plan.beginNear) beginNearNeighbours(task.arena.parameter(ITEMS).value, data, split);
  const scorer = createScorer(model, task.arena, task.facts);
  let validated = 0;
  const validate = async (): Promise<{ readonly metric: number; readonly details: Readonly<Record<string, number>> }> => {
    // Where nothing is chosen the last weights count as the best.
    if (epochs !== undefined) return { metric: ++validated, details: {} };
    await scorer.refresh();
    const metrics = metricsOf(await rank(scorer, { data, split }, { stage: 'validation' }));
    return { metric: metrics['ndcg@10'], details: { 'hr@10': metrics['hr@10'] } };
  };
  const result = await train({
    task: { ...task, validate },
    recipe: {
      schedule: { kind: 'cosine', rate: plan.rate, floor: plan.rate / 20, steps: plan.epochs * task.batches, warmUpSteps: 100 },
      ...MOVES,
    },
    identity: identityOf(model, plan, { seed, data, split }),
    epochs: epochs ?? plan.epochs, patience: PATIENCE, signal, clock: systemClock, onEvent: report,
    machine: machineFacts(TOKENS),
    ...(folder === undefined ? {} : { checkpoints: { folder, everyMs: 300_000 } }),
    ...(budgetSeconds === undefined ? {} : { budgetMs: budgetSeconds * 1000 }),
  });
  await task.close();
  await scorer.refresh();
  const { best } = result;
  const chosen = result.curve.find(({ epoch }) => epoch === best?.epoch);
  return {
    ...scorer,
    card: {
      chosen: best === null ? 'nothing: stopped before the first validation' : `epoch ${String(best.epoch + 1)} of ${String(plan.epochs)}`,
      ...(best === null ? {} : { epoch: best.epoch + 1 }),
      validation: chosen === undefined ? {} : { 'ndcg@10': chosen.metric, ...chosen.details },
      seconds: result.elapsedMs / 1000, parameters: task.arena.values.length, usesTime: model.vocabulary.time,
    },
  };
};

/** The model that choices are made with, and the one that is tested: where a split lets it learn from more once all is chosen, it does, for as many epochs. */
interface Both { readonly choosing: FittedScorer; readonly tested: FittedScorer }

const fitBoth = async (make: Make, plan: Plan, [data, split, options]: Parameters<Fit>): Promise<Both> => {
  const { finalEnds } = split;
  const { budgetSeconds, folder, signal } = options;
  const half: FitOptions = finalEnds === undefined || budgetSeconds === undefined ? options : { ...options, budgetSeconds: budgetSeconds / 2 };
  const choosing = await fitOnce(make, { plan }, [data, split, half]);
  const epochs = choosing.card.epoch;
  if (finalEnds === undefined || epochs === undefined || signal.aborted) return { choosing, tested: choosing };
  const whole = await fitOnce(make, { plan, epochs }, [data, { ...split, trainEnds: finalEnds }, { ...half, ...(folder === undefined ? {} : { folder: `${folder}-whole` }) }]);
  const seconds = (choosing.card.seconds ?? 0) + (whole.card.seconds ?? 0);
  return { choosing, tested: { ...whole, card: { ...choosing.card, chosen: `${choosing.card.chosen}, then anew up to the tested events`, seconds } } };
};

const closeBoth = ({ choosing, tested }: Both) => async (): Promise<void> => {
  await choosing.close?.();
  if (tested !== choosing) await tested.close?.();
};

interface Asked { readonly data: SequenceData; readonly split: Split }
interface Choice<Settings> { readonly settings: Settings; readonly metrics: Metrics }

/** The settings that rank the validation events best. */
const choose = async <Settings>(from: readonly Settings[], make: (settings: Settings) => SequenceScorer, asked: Asked & { readonly membersMax: number }): Promise<Choice<Settings>> => {
  let best: Choice<Settings> | undefined;
  for (const settings of from) {
    const metrics = metricsOf(await rank(make(settings), asked, { stage: 'validation', membersMax: asked.membersMax }));
    if (best === undefined || metrics['ndcg@10'] > best.metrics['ndcg@10']) best = { settings, metrics };
  }
  if (best === undefined) throw new RangeError('there is nothing to choose from');
  return best;
};

interface Recency extends LatelySettings { readonly trust: number }

/** Validation chooses how much of what was touched lately is mixed in. @returns undefined where the split is not one by time */
const chooseLately = async (model: SequenceScorer, { data, split }: Asked): Promise<Choice<Recency> | undefined> => {
  const { cutoffs, trainEnds } = split;
  if (cutoffs === undefined) return undefined;
  const membersMax = Math.max(1, Math.min(MIXTURE_MEMBERS, Math.floor(REMEMBERED_MAX / data.items)));
  let best: Choice<Recency> | undefined;
  for (const trust of TRUSTS) {
    const held = remembering(trusted(model, trust));
    const { settings, metrics } = await choose(LATELY, (of) => lately('journey', held, latelyFactors(data, { ends: trainEnds, cutoff: cutoffs.validation }, of)), { data, split, membersMax });
    if (best === undefined || metrics['ndcg@10'] > best.metrics['ndcg@10']) best = { settings: { ...settings, trust }, metrics };
  }
  return best;
};

const latelyWords = ({ halfLifeDays, weight, against, trust }: Recency): string =>
  weight === 0 ? '; touches lately 0' : `; touches lately ${String(weight)} (half-life ${String(halfLifeDays)} days${against === 0 ? '' : `, against touches ever ${String(against)}`}), trusted ${String(trust)}`;

/** The decoder with a memory of neighbours beside it, and by a split in time with what was touched lately. */
const fitJourney: Fit = async (data, split, options) => {
  const { finalEnds, ...choosing } = split;
  // What chooses has not seen the events that it is asked for.
  const memories = { choosing: await recentNeighbours.fit(data, choosing, options), tested: await recentNeighbours.fit(data, split, options) };
  const decoders = await fitBoth(journeyModel, planFor(data, split), [data, split, options]);
  const { temperature } = planFor(data, split).sizes;
  const parts = (which: keyof Both): Parameters<typeof mixture>[1] => ({ model: decoders[which], memory: memories[which], temperature });
  const mixed = await choose(MIXTURES, (settings) => mixture('journey', parts('choosing'), settings), { data, split, membersMax: MIXTURE_MEMBERS });
  const recency = await chooseLately(mixture('journey', parts('choosing'), mixed.settings), { data, split });
  const tested = mixture('journey', parts('tested'), mixed.settings);
  const { metrics } = recency ?? mixed;
  const { card } = decoders.tested;
  return {
    ...(recency === undefined ? tested : lately('journey', trusted(tested, recency.settings.trust), latelyFactors(data, { ends: finalEnds ?? split.trainEnds, cutoff: split.cutoffs?.test ?? 0 }, recency.settings))),
    close: closeBoth(decoders),
    card: {
      ...card,
      chosen: `${card.chosen}; memory ${String(mixed.settings.share)} (power ${String(mixed.settings.power)}; ${memories.tested.card.chosen})${recency === undefined ? '' : latelyWords(recency.settings)}`,
      validation: { 'ndcg@10': metrics['ndcg@10'], 'hr@10': metrics['hr@10'], 'ndcg@10 without memory': card.validation['ndcg@10'] ?? 0 },
    },
  };
};

const fitSasrec: Fit = async (data, split, options) => {
  const both = await fitBoth(sasrecModel, plain(planFor(data, split)), [data, split, options]);
  return { ...both.tested, close: closeBoth(both) };
};

export const sasrecCandidate: Candidate = { name: 'sasrec', fit: fitSasrec, seeded: true, share: 1 };
export const journeyCandidate: Candidate = { name: 'journey', fit: fitJourney, seeded: true, share: 1 };
