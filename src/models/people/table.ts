/** What a run says, as a table for people and as rows for machines; over several seeds, the mean and the lowest and highest. */
import type { Interval } from '../metrics.ts';
import { overSeeds } from '../sequences/paired.ts';
import { aligned, signed, spread, wrapped } from '../sequences/table.ts';
import { METHODS, METRICS, OURS, type Metric, type PeopleRun } from './run.ts';

/** What is measured, for people. */
export const MEASURED = 'recall@10: of the hidden ties of each member who has one, the share among the first ten of all members who are no neighbours, ties of scores broken by chance, in the mean over members. AUC: how often a hidden tie scores above a pair of members by chance who are never tied, equals counted half';

/** Features of the learned score that are told, by what they took off the loss. */
const TOLD = 8;

type Row = { readonly method: string } & Readonly<Record<Metric, Interval>>;
type Compared = { readonly minus: string; readonly metric: Metric } & Interval;

const rowsOf = (runs: readonly PeopleRun[]): Row[] => METHODS.map((method) => {
  const over = (metric: Metric): Interval => overSeeds(runs.map(({ figures }) => figures.find((one) => one.method === method)?.[metric] ?? Number.NaN));
  return { method, 'recall@10': over('recall@10'), 'auc': over('auc') };
});

/** Of one run the interval over members, of several the range over seeds. */
const comparedOf = (runs: readonly PeopleRun[]): Compared[] => (runs[0]?.differences ?? []).map((first, i) => (runs.length === 1 ? first
  : { minus: first.minus, metric: first.metric, ...overSeeds(runs.map(({ differences }) => differences[i]?.mean ?? Number.NaN)) }));

/** Features by their share in what both questions took off the loss; the seeds taken together. */
export const restsOn = (runs: readonly PeopleRun[]): { readonly feature: string; readonly share: number }[] => {
  const names = runs[0]?.learned.features.map(({ name }) => name) ?? [];
  const gains = new Float64Array(names.length);
  for (const { learned } of runs) for (const { trees } of [...learned.list, ...learned.pair]) {
    const whole = trees.gains.reduce((sum, gain) => sum + gain, 0) || 1;
    trees.gains.forEach((gain, i) => { gains[i] = (gains[i] ?? 0) + gain / whole; });
  }
  const all = gains.reduce((sum, gain) => sum + gain, 0) || 1;
  return names.map((feature, i) => ({ feature, share: (gains[i] ?? 0) / all })).sort((a, b) => b.share - a.share);
};

const verdict = (differences: readonly Interval[]): string =>
  (differences.every(({ low }) => low > 0) ? 'above zero' : differences.some(({ high }) => high < 0) ? 'BELOW ZERO' : 'zero is not ruled out');

const differenceLines = (runs: readonly PeopleRun[]): string[] => {
  const all = comparedOf(runs);
  return ['', `${OURS} minus the others, over the same members and pairs (${runs.length === 1 ? '95 % by resampling members' : `the lowest and highest of ${runs.length} seeds`})`,
    ...aligned([...new Set(all.map(({ minus }) => minus))].map((minus) => {
      const own = all.filter((one) => one.minus === minus);
      return [`  minus ${minus}`, ...own.map(({ metric, mean, low, high }) => `${metric.toUpperCase()} ${signed(mean)} [${signed(low)}, ${signed(high)}]`), verdict(own)];
    }))];
};

const count = (value: number): string => value.toLocaleString('en-GB');

/** The protocol, the table, the differences, and what the learned score rests on. */
export const peopleText = (runs: readonly PeopleRun[]): string => {
  const [first] = runs;
  if (first === undefined) return '';
  const { counts } = first;
  return [
    wrapped(`Split: ${first.protocol}. ${MEASURED}.`),
    `${count(counts.tested)} members tested on ${count(counts.hiddenTies)} hidden ties, against ${count(counts.strangers)} pairs by chance; learned from ${count(counts.listExamples)} candidates and ${count(counts.pairExamples)} pairs`,
    '',
    ...aligned([['', ...METRICS.map((metric) => metric.toUpperCase()), ''], ...rowsOf(runs).map((row) => [`  ${row.method}`, ...METRICS.map((metric) => spread(row[metric], runs.length)), ''])]),
    ...differenceLines(runs),
    '', wrapped(`It rests on: ${restsOn(runs).slice(0, TOLD).map(({ feature, share }) => `${feature} ${(share * 100).toFixed(0)} %`).join(', ')}.`),
  ].join('\n');
};

/** What `--json` prints of the runs; the first key is the rows. */
export const peopleJson = (runs: readonly PeopleRun[]): object => ({
  rows: rowsOf(runs).map(({ method, ...metrics }) => ({
    method, ...Object.fromEntries(METRICS.map((metric) => [metric, metrics[metric].mean])), ours: method === OURS,
    ...(runs.length > 1 ? { range: Object.fromEntries(METRICS.map((metric) => [metric, [metrics[metric].low, metrics[metric].high]])) } : {}),
  })),
  protocol: runs[0]?.protocol, measured: MEASURED, seeds: runs.map(({ seed }) => seed), counts: runs[0]?.counts,
  differences: comparedOf(runs), restsOn: restsOn(runs),
});
