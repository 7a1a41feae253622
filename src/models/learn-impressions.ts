/**
 * Learning from impressions: the examination curve and the first relevance model jointly, then one head per action with the
 * curve held, P(action | impression at k) = e_k · σ(w·x + b). Fitted on the first 85 % of time and measured on the rest; what is
 * published is fitted once more on everything. Both count late rows for more and are calibrated on the latest part, because
 * a network that grows drifts, and each model shows what it believes in.
 */
import { ACTIONS } from '../core/registry.ts';
import { correct, fitCorrection, reliability } from './calibration.ts';
import type { ExampleBuffer } from './example-buffer.ts';
import { actionBit, POSITIVE_BITS } from './examples.ts';
import { examinationAt, fitExamination, type ExaminationCurve } from './examination.ts';
import { validationStart } from './fit.ts';
import { DWELL } from '../journey/sequences.ts';
import { INTERACT, type Learned, type LearnOptions, type NamedHead } from './learned.ts';
import { FEATURE_NAMES, JOURNEY_COLUMNS } from './features.ts';
import { fitFisher } from './fisher.ts';
import { positives, probabilityOf, scoreRow, type Examples, type LinearHead } from './logistic.ts';
import { auc, clusterBootstrap } from './metrics.ts';

/** An action seen less often than this has no head. */
const LEAST_POSITIVES = 30;
/** Positions with fewer impressions share the value of the last that has them. */
const LEAST_IMPRESSIONS = 200;
/** Rows for the curve: the latest; more of them change nothing worth the wait. */
const CURVE_ROWS = 300_000;
/** Positions with fewer are not told apart to within a few per cent; the curve beyond them is what smoothness makes of it. */
const DENSE_IMPRESSIONS = 2500;
/** In parts of the window: what is older counts half. The policy that chose what was shown changes with each model, and so does what it errs about. */
const HALF_LIFE = 1 / 3;

/** They grow with a journey or with the network, day after day: what was fitted to them is out of date when it is served. The shares beside them say it without. */
const GROWING = ['recentTopics', 'recentMaker', 'logMaker', 'score:network', 'viewerTouches'];
const UNREAD: readonly number[] = GROWING.map((name) => FEATURE_NAMES.indexOf(name));

interface Target { readonly name: string; readonly mask: number }
/**
 * Any positive action first. The others say which, for and against, those of plug-ins too; what is done elsewhere is never done enough to a
 * card. A long view is one that is long for its kind and surface, whatever a client took for long.
 */
const targets = (): readonly Target[] =>
  [{ name: INTERACT, mask: POSITIVE_BITS }, ...ACTIONS.filter(({ polarity, sequenceOnly }) => polarity !== 0 && sequenceOnly !== true).map(({ name }) => ({ name, mask: name === 'longView' ? 1 << DWELL : actionBit(name) }))];

const deepest = (buffer: ExampleBuffer, to: number): number => {
  const counts = new Map<number, number>();
  for (let row = 0; row < to; row++) counts.set(buffer.position[row] ?? 0, (counts.get(buffer.position[row] ?? 0) ?? 0) + 1);
  let position = 1;
  while ((counts.get(position + 1) ?? 0) >= LEAST_IMPRESSIONS) position++;
  return position;
};

const fitCurve = (buffer: ExampleBuffer, to: number, before?: ExaminationCurve): ExaminationCurve => {
  const from = Math.max(0, to - CURVE_ROWS);
  const rows = buffer.slice(from, to, POSITIVE_BITS);
  return fitExamination({ width: rows.width, count: rows.count, values: rows.values, labels: rows.labels, positions: buffer.position.slice(from, to) }, { maxPosition: deepest(buffer, to), ...(before === undefined ? {} : { from: before }) });
};

interface Part { readonly from: number; readonly to: number }

const examplesOf = (buffer: ExampleBuffer, { from, to }: Part, parts: { readonly mask: number; readonly curve: Float64Array }): Examples => ({
  ...buffer.slice(from, to, parts.mask),
  examination: Float32Array.from({ length: to - from }, (_, i) => examinationAt(parts.curve, buffer.position[from + i] ?? 1)),
});

const logitsOf = (head: LinearHead, examples: Examples): Float64Array => Float64Array.from({ length: examples.count }, (_, row) => scoreRow(head, examples.values, row));

const calibrate = (head: LinearHead, examples: Examples): LinearHead =>
  correct(head, fitCorrection({ logits: logitsOf(head, examples), labels: examples.labels, ...(examples.examination === undefined ? {} : { examination: examples.examination }) }));

const probabilities = (head: LinearHead, examples: Examples): Float64Array =>
  logitsOf(head, examples).map((z, row) => (examples.examination?.[row] ?? 1) * probabilityOf(head, z));

const figuresOf = (head: LinearHead, test: Examples): Learned['figures'] => {
  const p = probabilities(head, test);
  const { ratio, ece, logLoss, bins } = reliability(p, test.labels);
  const ratios = bins.map((bin) => bin.ratio);
  return { auc: auc(p, test.labels), logLoss, observedOverExpected: ratio, ece, lowestDecile: Math.min(...ratios), highestDecile: Math.max(...ratios) };
};

const lossOf = (head: LinearHead, examples: Examples): Float64Array =>
  probabilities(head, examples).map((p, row) => -Math.log(Math.max((examples.labels[row] ?? 0) > 0 ? p : 1 - p, 1e-12)));

/** How much each row counts: by its age within the part that is learned from. */
const recency = (buffer: ExampleBuffer, { from, to }: Part): Float32Array => {
  const end = buffer.at[to - 1] ?? 0;
  const halfLife = Math.max((end - (buffer.at[from] ?? 0)) * HALF_LIFE, 1);
  return Float32Array.from({ length: to - from }, (_, i) => 2 ** (((buffer.at[from + i] ?? 0) - end) / halfLife));
};

interface FitParts { readonly part: Part; readonly mask: number; readonly curve: ExaminationCurve; readonly from?: LinearHead; readonly without?: readonly number[] | undefined }

const fitHead = (buffer: ExampleBuffer, { part, mask, curve, from, without = [] }: FitParts): LinearHead | undefined => {
  const examples = examplesOf(buffer, part, { mask, curve: curve.curve });
  if (positives(examples) < LEAST_POSITIVES) return undefined;
  return fitFisher({ ...examples, caseWeights: recency(buffer, part) }, { from: from ?? curve.relevance, without: [...UNREAD, ...without] });
};

/** The examination curve, and the model of any positive action that asks no journey model, from the first `to` rows: what a journey model may add to. */
export const lineOfImpressions = (buffer: ExampleBuffer, to: number): { readonly curve: Float64Array; readonly score: (of: ExampleBuffer) => Float32Array } => {
  const curve = fitCurve(buffer, to);
  const head = fitHead(buffer, { part: { from: 0, to }, mask: POSITIVE_BITS, curve, without: JOURNEY_COLUMNS }) ?? curve.relevance;
  return { curve: curve.curve, score: (of) => { const { values, count } = of.slice(0, of.count, POSITIVE_BITS); return Float32Array.from({ length: count }, (_, row) => scoreRow(head, values, row)); } };
};

/**
 * Models of any positive action from all rows, each without some columns, with one examination curve held for them all: what they differ by
 * is what those columns say.
 */
export const linesOfImpressions = (buffer: ExampleBuffer): ((without: readonly number[]) => (values: Float32Array, row: number) => number) => {
  const curve = fitCurve(buffer, buffer.count);
  return (without) => {
    const head = fitHead(buffer, { part: { from: 0, to: buffer.count }, mask: POSITIVE_BITS, curve, without }) ?? curve.relevance;
    return (values, row) => scoreRow(head, values, row);
  };
};

interface Measured { readonly head: LinearHead; readonly test: Examples }

const measure = (buffer: ExampleBuffer, curve: ExaminationCurve, { without }: LearnOptions): Measured => {
  const test = validationStart(buffer, 0.85);
  const mask = POSITIVE_BITS;
  const head = fitHead(buffer, { part: { from: 0, to: test }, mask, curve, without }) ?? curve.relevance;
  const latest = examplesOf(buffer, { from: validationStart(buffer, 0.6), to: test }, { mask, curve: curve.curve });
  return { head: calibrate(head, latest), test: examplesOf(buffer, { from: test, to: buffer.count }, { mask, curve: curve.curve }) };
};

const fitHeads = (buffer: ExampleBuffer, curve: ExaminationCurve, { onProgress, without }: LearnOptions): readonly NamedHead[] => {
  const part = { from: 0, to: buffer.count };
  const latest = { from: validationStart(buffer, 0.6), to: buffer.count };
  let interact: LinearHead | undefined;
  const all = targets();
  return all.flatMap(({ name, mask }, target): readonly NamedHead[] => {
    onProgress?.(0.6 + 0.4 * (target / all.length), `fitting ${name} on everything`);
    const head = fitHead(buffer, { part, mask, curve, without, ...(interact === undefined ? {} : { from: interact }) });
    interact ??= head;
    return head === undefined ? [] : [{ name, head: calibrate(head, examplesOf(buffer, latest, { mask, curve: curve.curve })) }];
  });
};

const denseDepth = ({ impressions }: ExaminationCurve): number => {
  const thin = impressions.findIndex((count) => count < DENSE_IMPRESSIONS);
  return thin < 0 ? impressions.length : thin;
};

export const learnImpressions = (buffer: ExampleBuffer, options: LearnOptions): Learned => {
  options.onProgress?.(0, 'recovering the examination curve');
  const early = fitCurve(buffer, validationStart(buffer, 0.85));
  const measured = measure(buffer, early, options);
  options.onProgress?.(0.45, 'recovering the examination curve from everything');
  const final = fitCurve(buffer, buffer.count, early);
  const own = lossOf(measured.head, measured.test);
  const cluster = buffer.member.subarray(buffer.count - measured.test.count, buffer.count);
  return {
    heads: fitHeads(buffer, final, options),
    examination: [...final.curve], examples: buffer.count,
    figures: { ...figuresOf(measured.head, measured.test), examinationDepth: denseDepth(final), examinationStandardError: Math.max(...final.standardErrors), examinationIdentified: Math.min(...final.identified) },
    positionCorrection: 'on',
    positionCorrectionWhy: `examination of ${final.curve.length} positions recovered together with relevance from ${buffer.count} impressions; positions were set by features that relevance is fitted on`,
    from: buffer.at[0] ?? 0, to: buffer.at[buffer.count - 1] ?? 0,
    compare: (other) => {
      const theirs = lossOf(other, measured.test);
      return { logLoss: clusterBootstrap(own.map((loss, row) => loss - (theirs[row] ?? 0)), cluster, { random: options.random.fork('loss') }) };
    },
  };
};
