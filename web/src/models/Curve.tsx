import type { ReactNode } from 'react';
import { figure } from './figures.ts';
import styles from '../pages.module.css';
import { modelWords as words } from './modelWords.ts';

export interface Point { readonly epoch: number; readonly value: number }
interface CurveProps { readonly id: string; readonly name: string; readonly points: readonly Point[]; readonly best: number | null; readonly empty: string }

const [WIDTH, HEIGHT] = [360, 190];
const EDGE = { left: 52, right: 14, top: 22, bottom: 28 };

interface Scale { readonly x: (epoch: number) => number; readonly y: (value: number) => number; readonly low: number; readonly high: number; readonly first: number; readonly last: number }

/** A curve that does not move lies in the middle. */
const scaleOf = (points: readonly Point[]): Scale => {
  const values = points.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const margin = most > least ? 0 : Math.max(0.01, Math.abs(most) * 0.1);
  const [low, high] = [least - margin, most + margin];
  const [first, last] = [points[0]?.epoch ?? 1, points.at(-1)?.epoch ?? 1];
  const [width, height] = [WIDTH - EDGE.left - EDGE.right, HEIGHT - EDGE.top - EDGE.bottom];
  return {
    low, high, first, last,
    x: (epoch) => EDGE.left + (last > first ? (epoch - first) / (last - first) : 0.5) * width,
    y: (value) => EDGE.top + (1 - (value - low) / (high - low)) * height,
  };
};

const Axes = ({ x, y, low, high, first, last }: Scale): ReactNode => (
  <g className={styles['axes']}>
    {[low, (low + high) / 2, high].map((value) => (
      <g key={value}>
        <line x1={EDGE.left} x2={WIDTH - EDGE.right} y1={y(value)} y2={y(value)} />
        <text x={EDGE.left - 8} y={y(value) + 4} textAnchor="end">{figure(value)}</text>
      </g>
    ))}
    {[...new Set([first, last])].map((epoch) => <text key={epoch} x={x(epoch)} y={HEIGHT - 8} textAnchor={first === last ? 'middle' : epoch === first ? 'start' : 'end'}>{epoch}</text>)}
  </g>
);

/** Where the best epoch stands, in words beside the line: not by colour alone. */
const BestMark = ({ scale: { x, y }, at }: { readonly scale: Scale; readonly at: Point }): ReactNode => (
  <g className={styles['bestMark']}>
    <line x1={x(at.epoch)} x2={x(at.epoch)} y1={EDGE.top} y2={HEIGHT - EDGE.bottom} />
    <circle cx={x(at.epoch)} cy={y(at.value)} r="5" />
    <text x={x(at.epoch)} y={EDGE.top - 8} textAnchor={x(at.epoch) > WIDTH - 60 ? 'end' : x(at.epoch) < EDGE.left + 30 ? 'start' : 'middle'}>{words.bestMark}: {at.epoch}</text>
  </g>
);

/** One line over epochs, drawn on the server. What it shows stands in its description, and number by number in the table beneath. */
export const Curve = ({ id, name, points, best, empty }: CurveProps): ReactNode => {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return <figure className={styles['plot']}><figcaption>{name}</figcaption><p className={styles['soft']}>{empty}</p></figure>;
  const scale = scaleOf(points);
  const bestPoint = points.find(({ epoch }) => epoch === best);
  return (
    <figure className={styles['plot']}>
      <figcaption id={`${id}-name`}>{name}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby={`${id}-name`} aria-describedby={`${id}-text`}>
        <desc id={`${id}-text`}>{`${words.plotText(name, points.length, [figure(first.value), figure(last.value)])}${bestPoint === undefined ? '' : ` ${words.bestText(bestPoint.epoch)}`}`}</desc>
        <Axes {...scale} />
        <polyline className={styles['line']} points={points.map(({ epoch, value }) => `${scale.x(epoch).toFixed(1)},${scale.y(value).toFixed(1)}`).join(' ')} />
        {points.length <= 40 && points.map(({ epoch, value }) => <circle key={epoch} className={styles['dot']} cx={scale.x(epoch)} cy={scale.y(value)} r="2.5" />)}
        {bestPoint !== undefined && <BestMark scale={scale} at={bestPoint} />}
      </svg>
    </figure>
  );
};
