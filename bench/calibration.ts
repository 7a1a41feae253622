// The demo world's model against the truth: examination curve, observed over expected, deciles and ECE on impressions after training.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reportOf, runTruth, TRUTH_SIZE, type TruthReport } from '../src/cli/demo-truth.ts';
import { createProgress } from '../src/cli/progress.ts';
import { machine } from './lib/machine.ts';

const { values: options } = parseArgs({ options: { seed: { type: 'string', default: '1' }, days: { type: 'string', default: '4' }, members: { type: 'string' }, json: { type: 'boolean', default: false } } });

const percent = (share: number): string => `${share >= 0 ? '+' : ''}${(100 * share).toFixed(1)} %`;

const text = ({ version, learnedFrom, fresh, depth, examination, examinationError, truth, labels, actions }: TruthReport): string => [
  machine(),
  `seed ${options.seed}: ${version}, learned from ${learnedFrom} impressions, held against ${fresh} later ones`,
  '',
  `examination, ${depth} positions with impressions enough: worst error ${percent(examinationError)}`,
  '  position  recovered   true     error',
  ...examination.map((row) => `  ${String(row.position).padStart(8)}  ${row.recovered.toFixed(4).padStart(9)}  ${row.true.toFixed(4)}  ${percent(row.error).padStart(8)}`),
  '',
  'observed over expected, by decile of what was expected',
  '  decile  expected   true     ratio   happened  ratio',
  ...truth.bins.map((bin, i) => `  ${String(i + 1).padStart(6)}  ${bin.expected.toFixed(4).padStart(8)}  ${bin.observed.toFixed(4)}  ${bin.ratio.toFixed(3).padStart(6)}    ${labels.bins[i]?.observed.toFixed(4) ?? ''}  ${labels.bins[i]?.ratio.toFixed(3).padStart(6) ?? ''}`),
  '',
  '                         truth   happened',
  `  observed / expected   ${truth.ratio.toFixed(4)}    ${labels.ratio.toFixed(4)}`,
  `  ECE                   ${truth.ece.toFixed(4)}    ${labels.ece.toFixed(4)}`,
  `  log loss              ${truth.logLoss.toFixed(4)}    ${labels.logLoss.toFixed(4)}`,
  '',
  'action       expected by the truth   over what was predicted',
  ...actions.map((row) => `  ${row.action.padEnd(11)} ${row.true.toFixed(1).padStart(10)} ${row.ratio.toFixed(3).padStart(23)}`),
  '',
].join('\n');

const data = mkdtempSync(join(tmpdir(), 'throughline-truth-'));
try {
  const report = reportOf(await runTruth({
    seed: Number(options.seed), data, freshDays: Number(options.days), progress: createProgress({ quiet: options.json }),
    values: options.members === undefined ? TRUTH_SIZE : { ...TRUTH_SIZE, members: Number(options.members) },
  }));
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : text(report));
} finally {
  rmSync(data, { recursive: true, force: true });
}
