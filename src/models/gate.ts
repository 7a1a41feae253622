/** Whether a candidate may replace the model that serves. */
import type { Interval } from './metrics.ts';

/** Both models on the same held-out rows; a difference is candidate minus serving, its interval over people. */
export interface GateFigures {
  readonly auc: number;
  /** Absent where nothing serves yet. */
  readonly against?: { readonly serving: string; readonly logLoss: Interval; readonly ndcg?: Interval };
}
export interface Verdict { readonly publish: boolean; readonly reason: string }

const show = (interval: Interval): string => `${interval.mean.toFixed(5)} [${interval.low.toFixed(5)}, ${interval.high.toFixed(5)}]`;

/** Refuses a candidate that is worse than the serving model beyond noise, or no better than chance. */
export const gate = ({ auc, against }: GateFigures): Verdict => {
  if (!(auc > 0.5)) return { publish: false, reason: `refused: held-out AUC ${auc.toFixed(4)} is no better than chance` };
  if (against === undefined) return { publish: true, reason: `published: the first model; held-out AUC ${auc.toFixed(4)}` };
  const { serving, logLoss, ndcg } = against;
  if (!(logLoss.low <= 0)) return { publish: false, reason: `refused: held-out log loss is worse than ${serving} by ${show(logLoss)}` };
  if (ndcg !== undefined && !(ndcg.high >= 0)) return { publish: false, reason: `refused: held-out NDCG@10 differs from ${serving} by ${show(ndcg)}` };
  return { publish: true, reason: `published: not worse than ${serving}; log loss differs by ${show(logLoss)}${ndcg === undefined ? '' : `, NDCG@10 by ${show(ndcg)}`}` };
};
