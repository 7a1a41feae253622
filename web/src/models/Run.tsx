import type { JourneyRun } from 'throughline/client';
import type { ReactNode } from 'react';
import { Curves } from './Curves.tsx';
import { Facts } from './Facts.tsx';
import { count, duration, figure } from './figures.ts';
import { LIVE_ID, STATUS_ID } from './keepCurrent.ts';
import styles from '../pages.module.css';
import { modelWords as words } from './modelWords.ts';

interface RunProps { readonly run: JourneyRun; readonly reloads: boolean; readonly locale: string }

const factsOf = (run: JourneyRun, locale: string): readonly (readonly [string, ReactNode])[] => [
  [words.epoch, words.of(run.epoch, run.epochs)],
  [words.loss, run.loss === null ? words.unknown : figure(run.loss)],
  [words.best, run.best === null ? words.noBest : words.bestAt(run.best.epoch, figure(run.best.metric))],
  ...(run.state === 'training' ? [
    [words.left, run.leftMs === null ? words.unknown : words.atMost(duration(run.leftMs))] as const,
    [words.pace, run.targetsPerSecond === null ? words.unknown : words.targets(count(run.targetsPerSecond, locale))] as const,
    [words.rate, run.learningRate === null ? words.unknown : figure(run.learningRate)] as const,
  ] : []),
  [words.elapsed, duration(run.elapsedMs)],
  [words.parameters, count(run.parameters, locale)],
  ...(run.process === null ? [] : [[words.process, String(run.process)] as const]),
];

const shareOf = ({ epoch, epochs, batch, batches }: JourneyRun): number => Math.min(1, Math.max(0, ((epoch - 1) * batches + batch) / Math.max(1, epochs * batches)));

const Now = ({ run, locale }: Omit<RunProps, 'reloads'>): ReactNode => (
  <>
    <p className={styles['phase']}><span className={run.state === 'training' ? styles['on'] : styles['off']}>{run.state === 'training' ? words.training : words.stopped}</span>{run.state === 'training' && words.phases[run.phase]}</p>
    {run.state === 'stopped' && <p className={styles['soft']}>{words.stoppedNote} <code>{words.command}</code></p>}
    {run.state === 'training' && <progress className={styles['progress']} max="1" value={shareOf(run)} aria-label={words.progress} />}
    <Facts facts={factsOf(run, locale)} />
    <Curves id="run" curve={run.curve} live={run.state === 'training'} />
  </>
);

/** A run that goes on, or was stopped. While it goes on its part of the page is replaced every few seconds; the link that stops that stays. */
export const Run = ({ run, reloads, locale }: RunProps): ReactNode => {
  const live = run.state === 'training';
  return (
    <section className={styles['card']} aria-labelledby="run-title">
      <div className={styles['head']}>
        <h2 id="run-title">{words.run}</h2>
        {live && <a href={reloads ? '?live=off' : '?live=on'}>{reloads ? words.pause : words.resume}</a>}
      </div>
      {live && reloads ? <div id={LIVE_ID}><Now run={run} locale={locale} /></div> : <Now run={run} locale={locale} />}
      {live && <p id={STATUS_ID} className={styles['said']} role="status">{words.status(run.epoch, run.epochs, run.best?.epoch ?? null)}</p>}
    </section>
  );
};
