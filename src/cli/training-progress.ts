/** How a training run goes, on standard error: a bar with loss, rate and time left on a terminal, JSON lines elsewhere. */
import { SECOND, systemClock } from '../core/clock.ts';
import type { TrainingEvent } from '../nn/loop.ts';
import { createProgress, type Bar, type ProgressOptions } from './progress.ts';

/** So often a line tells of a batch where nobody watches. */
const BATCH_LINE_MS = 5 * SECOND;

const figure = (value: number): string => (value === 0 || Math.abs(value) >= 0.001 ? value.toFixed(4) : value.toExponential(2));
const rate = (perSecond: number): string => (perSecond >= 10_000 ? `${(perSecond / 1000).toFixed(0)}k` : perSecond.toFixed(0));
const details = (values: Readonly<Record<string, number>>): string => Object.entries(values).map(([name, value]) => `, ${name} ${figure(value)}`).join('');

type Listener = (event: TrainingEvent) => void;

const onTerminal = (options: ProgressOptions): Listener => {
  const progress = createProgress(options);
  let bar: Bar | undefined;
  let total = 0;
  return (event) => {
    switch (event.type) {
      case 'start':
        total = event.epochs * event.batches;
        if (event.resumed) progress.note(`Going on from epoch ${event.epoch + 1}, batch ${event.batch + 1}`);
        bar = progress.bar('Training', total, event.epoch * event.batches + event.batch);
        return;
      case 'batch':
        bar?.set(event.epoch * event.batches + event.batch + 1, { label: `Epoch ${event.epoch + 1} of ${event.epochs}`, detail: `loss ${event.loss.toFixed(3)}, ${rate(event.targetsPerSecond)} targets/s` });
        return;
      case 'epoch':
        progress.note(`Epoch ${event.epoch + 1}${event.partial ? ' (part of it)' : ''}: loss ${event.loss.toFixed(4)}, metric ${figure(event.metric)}${event.best ? ', the best so far' : ''}${details(event.details)}`);
        return;
      case 'note':
        progress.note(event.text);
        return;
      case 'checkpoint':
        return;
      case 'end':
        bar?.end(`${{ epochs: 'all epochs', patience: 'no longer better', budget: 'time is up', stopped: 'stopped' }[event.reason]}, ${event.best === null ? 'nothing validated' : `best metric ${figure(event.best.metric)} after epoch ${event.best.epoch + 1}`}`);
    }
  };
};

const asLines = ({ stream = process.stderr, clock = systemClock }: ProgressOptions): Listener => {
  let batchAt = Number.NEGATIVE_INFINITY;
  return (event) => {
    if (event.type === 'batch') {
      if (clock.now() - batchAt < BATCH_LINE_MS) return;
      batchAt = clock.now();
    }
    stream.write(`${JSON.stringify(event)}\n`);
  };
};

/** What to call with each event of a run. */
export const createTrainingProgress = (options: ProgressOptions = {}): Listener => {
  const { stream = process.stderr, quiet = false, environment = process.env } = options;
  if (quiet) return () => undefined;
  return stream.isTTY === true && environment['TERM'] !== 'dumb' ? onTerminal(options) : asLines(options);
};
