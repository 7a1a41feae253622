/** The figures of a recipe for people: ours and the published of one protocol together, those of another apart. */
import type { Interval } from '../metrics.ts';
import type { FitCard } from './fit.ts';
import type { Metric } from './protocol.ts';
import { RANKING } from './protocol.ts';
import type { Given, PublishedFigure, PublishedTable } from './recipe.ts';
import { COMPARED, type ModelRun, type SplitRun } from './run.ts';

const SHOWN = ['hr@10', 'ndcg@10', 'hr@50', 'hr@200', 'mrr'] as const satisfies readonly Metric[];
const WIDTH_MAX = 110;

export const figure = (value: number): string => value.toFixed(4).replace(/^(-?)0\./u, '$1.');
export const signed = (value: number): string => `${value >= 0 ? '+' : '−'}${figure(Math.abs(value))}`;
export const spread = ({ mean, low, high }: Interval, seeds: number): string => (seeds > 1 ? `${figure(mean)} (${figure(low)}–${figure(high)})` : figure(mean));
const count = (value: number): string => value.toLocaleString('en-GB');

/** Columns as wide as their widest cell; the first to the left, numbers to the right, the last as it is. */
export const aligned = (rows: readonly (readonly string[])[]): string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => (column === 0 || column === row.length - 1 ? (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell) : cell.padStart(widths[column] ?? 0))).join('  ').trimEnd());
};

/** Breaks a sentence into lines, those after the first as far in as the first begins. */
export const wrapped = (text: string, indent = ''): string => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > WIDTH_MAX) { lines.push(line); line = word; }
    else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => `${indent}${one}`).join('\n');
};

const seconds = (value: number): string => (value < 90 ? `${value.toFixed(0)} s` : value < 5400 ? `${(value / 60).toFixed(0)} min` : `${(value / 3600).toFixed(1)} h`);
const chosen = (cards: readonly FitCard[]): string => [...new Set(cards.map((card) => card.chosen))].join(' | ');

const ourRows = (models: readonly ModelRun[], rows: SplitRun['rows']): string[][] => models.map((model, i) => [
  `  ${model.model}${model.cards.some((card) => card.usesTime === true) ? ' (t)' : ''}`,
  ...SHOWN.map((metric) => { const row = rows[i]; return row === undefined ? '' : spread(row[metric], COMPARED.some((one) => one === metric) ? model.seeds.length : 1); }),
  `${model.seeds.length === 1 ? '1 fit' : `${model.seeds.length} seeds`}, ${seconds(model.seconds.reduce((sum, one) => sum + one, 0) / model.seconds.length)} each; ${chosen(model.cards)}`,
]);

const publishedRow = (one: PublishedFigure): string[] => [`  ${one.model}${one.usesTime === true ? ' (t)' : ''}`, figure(one['hr@10']), figure(one['ndcg@10']), '', '', '', one.source];

const head = (title: string): string[] => [title, ...SHOWN.map((metric) => metric.toUpperCase()), ''];

const differenceLines = ({ differences }: SplitRun): string[] => {
  if (differences.length === 0) return [];
  const others = [...new Set(differences.map(({ minus }) => minus))];
  const ours = differences[0]?.model ?? '';
  return ['', `${ours} minus the others, over the same members (mean over seeds; 95 % by resampling members)`, ...aligned(others.map((minus) => [
    `  minus ${minus}`,
    ...differences.filter((one) => one.minus === minus).map(({ metric, mean, low, high }) => `${metric.toUpperCase()} ${signed(mean)} [${signed(low)}, ${signed(high)}]`),
    differences.filter((one) => one.minus === minus).every(({ low }) => low > 0) ? 'above zero' : differences.filter((one) => one.minus === minus).some(({ high }) => high < 0) ? 'BELOW ZERO' : 'zero is not ruled out',
  ]))];
};

const tiesLine = ({ report: { tied, tested } }: SplitRun): string[] => (tied === undefined || tied === 0 ? [] : [wrapped(`For ${count(tied)} of the ${count(tested)} tested members the test event bears the time of the event before it: which of the two is predicted follows from the order in the file alone.`)]);

const timeLine = (models: readonly ModelRun[], published: readonly PublishedTable[]): string[] =>
  (models.some(({ cards }) => cards.some((card) => card.usesTime === true)) || published.some(({ figures }) => figures.some(({ usesTime }) => usesTime === true)) ? ['(t) is told when the predicted event happens, as a page knows when it is asked for; the others are not.'] : []);

/** One split: its protocol, the table with what compares, the paired differences, and what was published under other protocols. */
export const splitText = (run: SplitRun, published: readonly PublishedTable[]): string => {
  const { report, models, rows } = run;
  const comparable = published.filter(({ comparesWith }) => comparesWith === report.name);
  const table = aligned([head('here'), ...ourRows(models, rows), ...comparable.flatMap(({ protocol, figures }) => [head(`published: ${protocol}`).map((cell, i) => (i === 0 ? cell : '')), ...figures.map(publishedRow)])]);
  return [
    wrapped(`${report.protocol}. ${RANKING}.`),
    `${count(report.tested)} members tested, ${count(report.validated)} validated on, ${count(report.untested)} not tested${run.left > 0 ? `; stopped early, ${run.left} ${run.left === 1 ? 'fit was' : 'fits were'} not begun` : ''}`,
    '', ...table, ...differenceLines(run), ...(report.tied === undefined || report.tied === 0 ? [] : ['', ...tiesLine(run)]), ...timeLine(models, comparable),
  ].join('\n');
};

/** What was published under protocols that nothing here follows. */
export const otherProtocols = (published: readonly PublishedTable[]): string => {
  const others = published.filter(({ comparesWith }) => comparesWith === undefined);
  if (others.length === 0) return '';
  return ['Published under other protocols: not comparable with the figures above, nor with each other', ...others.flatMap(({ protocol, figures }) => [
    wrapped(`${protocol}:`, '  '), ...aligned(figures.map((one) => [`    ${one.model}${one.usesTime === true ? ' (t)' : ''}`, figure(one['hr@10']), figure(one['ndcg@10']), one.source])),
  ])].join('\n');
};

/** What the recipe gave when it was frozen, so that a reader sees whether it still does. */
export const givenText = (given: readonly Given[], split: string): string[] => given.filter((one) => one.split === split).flatMap(({ date, commit, machine, seeds, rows }) => [
  '', `When frozen, ${date}, commit ${commit}, ${machine}, seeds ${seeds.join(', ')}:`,
  ...aligned(rows.map(({ model, figures }) => [`  ${model}`, ...COMPARED.map((metric) => { const one = figures[metric]; return one === undefined ? '' : `${metric.toUpperCase()} ${spread(one, seeds.length)}`; })])),
]);

/** What `--json` prints of a split. */
export const splitJson = (run: SplitRun, published: readonly PublishedTable[]): object => ({
  ...run.report, ranking: RANKING, left: run.left,
  rows: rowsJson(run),
  differences: run.differences,
  published: published.filter(({ comparesWith }) => comparesWith === run.report.name),
});

/** One row a model: its metrics over seeds, and how it came about. */
export const rowsJson = ({ models, rows }: SplitRun): readonly object[] => rows.map((row, i) => {
  const model = models[i];
  return { ...row, seeds: model?.seeds, seconds: model?.seconds, cards: model?.cards };
});
