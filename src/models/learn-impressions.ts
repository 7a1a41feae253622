/**
 * Learning from impressions: the examination curve and the first relevance model jointly, then one head per action with the
 * curve held, P(action | impression at k) = e_k · σ(w·x + b). Fitted on the first 70 % of time, stopped and calibrated on the
 * next 15 %, measured on the last; what is published is fitted once more on everything and calibrated on the latest 30 %,
 * because a network that grows drifts.
 */
import { PREDICTED_ACTIONS } from '../core/registry.ts';
import { fitAffine, foldAffine, reliability } from './calibration.ts';
import type { ExampleBuffer } from './example-buffer.ts';
import { actionBit, POSITIVE_BITS } from './examples.ts';
import { examinationAt, fitExamination, type ExaminationCurve } from './examination.ts';
import { validationStart } from './fit.ts';
import type { Learned, LearnOptions, NamedHead } from './learned.ts';
import { fitLogistic, scoreRow, sigmoid, trialLoss, type Examples, type LinearHead } from './logistic.ts';
import { auc, clusterBootstrap } from './metrics.ts';

/** An action seen less often than this has no head. */
const LEAST_POSITIVES = 30;
/** Positions with fewer impressions share the value of the last that has them. */
const LEAST_IMPRESSIONS = 200;
/** Rows for the curve: the latest; more of them change nothing worth the wait. */
const CURVE_ROWS = 300_000;
const EPOCHS = 10;

/** `interact` first: any positive action; its probability is an item's value. The others say which. */
const TARGETS: readonly { readonly name: string; readonly mask: number; readonly value: number }[] =
  [{ name: 'interact', mask: POSITIVE_BITS, value: 1 }, ...PREDICTED_ACTIONS.map((name) => ({ name, mask: actionBit(name), value: 0 }))];

const deepest = (buffer: ExampleBuffer, to: number): number => {
  const counts = new Map<number, number>();
  for (let row = 0; row < to; row++) counts.set(buffer.position[row] ?? 0, (counts.get(buffer.position[row] ?? 0) ?? 0) + 1);
  let position = 1;
  while ((counts.get(position + 1) ?? 0) >= LEAST_IMPRESSIONS) position++;
  return position;
};

const fitCurve = (buffer: ExampleBuffer, to: number): ExaminationCurve => {
  const from = Math.max(0, to - CURVE_ROWS);
  const rows = buffer.slice(from, to, POSITIVE_BITS);
  return fitExamination({ width: rows.width, count: rows.count, values: rows.values, labels: rows.labels, positions: buffer.position.slice(from, to) }, { maxPosition: deepest(buffer, to) });
};

interface Part { readonly from: number; readonly to: number }

const examplesOf = (buffer: ExampleBuffer, { from, to }: Part, parts: { readonly mask: number; readonly curve: Float64Array }): Examples => ({
  ...buffer.slice(from, to, parts.mask),
  examination: Float32Array.from({ length: to - from }, (_, i) => examinationAt(parts.curve, buffer.position[from + i] ?? 1)),
});

const logitsOf = (head: LinearHead, examples: Examples): Float64Array => Float64Array.from({ length: examples.count }, (_, row) => scoreRow(head, examples.values, row));

const calibrate = (head: LinearHead, examples: Examples): LinearHead =>
  foldAffine(head, fitAffine({ logits: logitsOf(head, examples), labels: examples.labels, ...(examples.examination === undefined ? {} : { examination: examples.examination }) }));

const positives = (examples: Examples): number => examples.labels.reduce((sum, label) => sum + label, 0);

const probabilities = (head: LinearHead, examples: Examples): Float64Array =>
  logitsOf(head, examples).map((z, row) => (examples.examination?.[row] ?? 1) * sigmoid(z));

const figuresOf = (head: LinearHead, test: Examples): Learned['figures'] => {
  const p = probabilities(head, test);
  const { ratio, ece, logLoss, bins } = reliability(p, test.labels);
  const ratios = bins.map((bin) => bin.ratio);
  return { auc: auc(p, test.labels), logLoss, observedOverExpected: ratio, ece, lowestDecile: Math.min(...ratios), highestDecile: Math.max(...ratios) };
};

const lossOf = (head: LinearHead, { values, labels, examination, count }: Examples): Float64Array =>
  Float64Array.from({ length: count }, (_, row) => trialLoss(scoreRow(head, values, row), labels[row] ?? 0, examination?.[row] ?? 1).loss);

interface Measured { readonly head: LinearHead; readonly epochs: number; readonly test: Examples }

const measure = (buffer: ExampleBuffer, curve: Float64Array, { random, onProgress }: LearnOptions): Measured => {
  const [validation, test] = [validationStart(buffer, 0.7), validationStart(buffer, 0.85)];
  const mask = POSITIVE_BITS;
  const early = examplesOf(buffer, { from: validation, to: test }, { mask, curve });
  const fit = fitLogistic(examplesOf(buffer, { from: 0, to: validation }, { mask, curve }), early, {
    random: random.fork('measure'), epochs: EPOCHS, onEpoch: (epoch) => onProgress?.(0.2 + 0.2 * (epoch / EPOCHS), `fitting, epoch ${epoch}`),
  });
  return { head: calibrate(fit.head, early), epochs: fit.epochs, test: examplesOf(buffer, { from: test, to: buffer.count }, { mask, curve }) };
};

const fitHeads = (buffer: ExampleBuffer, parts: { readonly curve: Float64Array; readonly epochs: number }, { random, onProgress }: LearnOptions): readonly NamedHead[] =>
  TARGETS.flatMap(({ name, mask, value }, target): readonly NamedHead[] => {
    onProgress?.(0.6 + 0.4 * (target / TARGETS.length), `fitting ${name} on everything`);
    const examples = examplesOf(buffer, { from: 0, to: buffer.count }, { mask, curve: parts.curve });
    if (positives(examples) < LEAST_POSITIVES) return [];
    const { head } = fitLogistic(examples, undefined, { random: random.fork(name), epochs: parts.epochs });
    const latest = examplesOf(buffer, { from: validationStart(buffer, 0.7), to: buffer.count }, { mask, curve: parts.curve });
    return [{ name, value, head: calibrate(head, latest) }];
  });

export const learnImpressions = (buffer: ExampleBuffer, options: LearnOptions): Learned => {
  options.onProgress?.(0, 'recovering the examination curve');
  const early = fitCurve(buffer, validationStart(buffer, 0.7));
  const measured = measure(buffer, early.curve, options);
  options.onProgress?.(0.45, 'recovering the examination curve from everything');
  const final = fitCurve(buffer, buffer.count);
  const own = lossOf(measured.head, measured.test);
  const cluster = buffer.member.subarray(buffer.count - measured.test.count, buffer.count);
  return {
    heads: fitHeads(buffer, { curve: final.curve, epochs: measured.epochs }, options),
    examination: [...final.curve], examples: buffer.count,
    figures: { ...figuresOf(measured.head, measured.test), epochs: measured.epochs, examinationStandardError: Math.max(...final.standardErrors), examinationIdentified: Math.min(...final.identified) },
    positionCorrection: 'on',
    positionCorrectionWhy: `examination of ${final.curve.length} positions recovered together with relevance from ${buffer.count} impressions; positions were set by features that relevance is fitted on`,
    from: buffer.at[0] ?? 0, to: buffer.at[buffer.count - 1] ?? 0,
    compare: (other) => {
      const theirs = lossOf(other, measured.test);
      return { logLoss: clusterBootstrap(own.map((loss, row) => loss - (theirs[row] ?? 0)), cluster, { random: options.random.fork('loss') }) };
    },
  };
};
