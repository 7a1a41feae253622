import type { CurvePoint } from 'throughline/client';
import type { ReactNode } from 'react';
import { Curve } from './Curve.tsx';
import { figure } from './figures.ts';
import styles from '../pages.module.css';
import { modelWords as words } from './modelWords.ts';

interface CurvesProps { readonly id: string; readonly curve: readonly CurvePoint[]; readonly live: boolean }

/** The epoch with the highest metric, the earlier of two. */
export const bestEpoch = (curve: readonly CurvePoint[]): number | null => {
  const validated = curve.flatMap(({ epoch, metric }) => (metric === null ? [] : [{ epoch, metric }]));
  return validated.toSorted((a, b) => b.metric - a.metric || a.epoch - b.epoch)[0]?.epoch ?? null;
};

const Figures = ({ curve }: { readonly curve: readonly CurvePoint[] }): ReactNode => (
  <details className={styles['details']}>
    <summary>{words.table}</summary>
    <table>
      <thead><tr><th scope="col">{words.epoch}</th><th scope="col">{words.loss}</th><th scope="col">{words.metric}</th></tr></thead>
      <tbody>{curve.map(({ epoch, loss, metric }) => <tr key={epoch}><th scope="row">{epoch}</th><td>{figure(loss)}</td><td>{metric === null ? '–' : figure(metric)}</td></tr>)}</tbody>
    </table>
  </details>
);

/** Loss and validation by epoch. */
export const Curves = ({ id, curve, live }: CurvesProps): ReactNode => {
  const best = bestEpoch(curve);
  const metrics = curve.flatMap(({ epoch, metric }) => (metric === null ? [] : [{ epoch, value: metric }]));
  const notValidated = live || curve.length === 0 ? words.notValidated : words.tooFew;
  return (
    <>
      <div className={styles['plots']}>
        <Curve id={`${id}-loss`} name={words.lossPlot} points={curve.map(({ epoch, loss }) => ({ epoch, value: loss }))} best={best} empty={words.noEpoch} />
        <Curve id={`${id}-metric`} name={words.metricPlot} points={metrics} best={best} empty={notValidated} />
      </div>
      {curve.length > 0 && <Figures curve={curve} />}
    </>
  );
};
