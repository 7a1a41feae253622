/** `throughline train journey`: fits the journey model in a process of its own, at low priority, and shows how it goes. */
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { ThroughlineError } from '../core/errors.ts';
import { isMissing } from '../core/durable.ts';
import { JOURNEY_TRAINING, type JourneyTrainingOptions } from '../models/journey/training-module.ts';
import { journeyDiary, journeyFolder, PART } from '../models/journey/diary.ts';
import { HEAD_REQUESTS, STEPS, type JourneyOutcome } from '../models/journey/train.ts';
import { runTraining } from '../nn/child.ts';
import type { TrainingEvent } from '../nn/loop.ts';
import { trainerOf } from '../nn/training-lock.ts';
import { logFolder } from '../platform/open.ts';
import { whileStoppable } from './common.ts';
import { createTrainingProgress } from './training-progress.ts';

export interface JourneyRun extends Omit<JourneyTrainingOptions, 'log'> { readonly quiet: boolean }

export interface ProcessHooks { readonly signal: AbortSignal; readonly onEvent?: (event: TrainingEvent) => void }

/** In a process of its own; the signal makes it write a checkpoint and end. @throws as `trainJourney` */
export const trainJourneyApart = async (options: Omit<JourneyTrainingOptions, 'log'>, hooks: ProcessHooks): Promise<JourneyOutcome> =>
  await runTraining({ module: JOURNEY_TRAINING, options: { ...options, log: logFolder(options.data) }, ...hooks }) as JourneyOutcome;

/** @throws as `trainJourney` */
export const trainJourneyHere = async ({ quiet, ...options }: JourneyRun): Promise<JourneyOutcome> =>
  // Asked to stop, it writes a checkpoint.
  whileStoppable((signal) => trainJourneyApart(options, { signal, onEvent: createTrainingProgress({ quiet }) }));

const STEP_NAMES: Readonly<Record<keyof typeof STEPS, string>> = {
  state: 'state · item', linear: 'linear model of features', plain: 'and a head of features alone', light: 'light head', finalists: 'light head and finalists',
};

/** What each step of ranking is worth, a line each; nothing where there are no heads. */
export const stepsText = (figures: Readonly<Record<string, number>>): string => {
  const rows = Object.entries(STEPS).flatMap(([step, name]) => { const value = figures[name]; return value === undefined ? [] : [`\n    ${STEP_NAMES[step as keyof typeof STEPS].padEnd(30)}${value.toFixed(4)}`]; });
  return rows.length === 0 ? '' : `\n  NDCG@10 of each step, on ${figures[HEAD_REQUESTS] ?? 0} later requests:${rows.join('')}`;
};

export const journeyText = ({ version, reason, card }: JourneyOutcome): string => {
  const steps = new Set<string>([...Object.values(STEPS), HEAD_REQUESTS]);
  const figures = Object.entries(card.figures).filter(([name]) => !steps.has(name)).map(([name, value]) => `${name} ${value.toFixed(4)}`).join(', ');
  return `${version === undefined ? 'Not published' : `Published: ${version}`}\n  ${reason}\n  ${card.events} events of ${card.members} members, ${card.parameters} parameters, ${card.seconds.toFixed(0)} s${figures === '' ? '' : `; ${figures}`}${stepsText(card.figures)}`;
};

const POLL_MS = 500;
const BARS = '▁▂▃▄▅▆▇█';

/** The metric of each epoch as a line of bars. */
export const curveText = (values: readonly number[]): string => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return values.map((value) => BARS[high > low ? Math.round((value - low) / (high - low) * (BARS.length - 1)) : 0]).join('');
};

const linesOf = (file: string): readonly string[] => {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(0, -1);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
};

/**
 * Follows the run of another process until it ends, or until nothing is left to follow.
 * @throws client/noData where no run is going on
 */
export const watchJourney = async (data: string, { quiet, print }: { readonly quiet: boolean; readonly print: (text: string) => void }): Promise<readonly TrainingEvent[]> => {
  const file = journeyDiary(data);
  const progress = createTrainingProgress({ quiet });
  const events: TrainingEvent[] = [];
  if (linesOf(file).length === 0) throw new ThroughlineError('client/noData', `no journey model is being trained in ${data}; start with "throughline train journey"`);
  for (;;) {
    const lines = linesOf(file);
    if (lines.length < events.length) break;
    const seen = events.length;
    for (const line of lines.slice(seen)) {
      const event = JSON.parse(line) as TrainingEvent;
      events.push(event);
      progress(event);
    }
    // Of several parts one may have ended; who trains no longer adds nothing, killed or done.
    if (lines.length === seen && trainerOf(journeyFolder(data)) === undefined) break;
    await setTimeout(POLL_MS);
  }
  // Of the part that chooses: the other validates nothing.
  const chosenBy = events.findIndex((event) => event.type === 'start' && event.part === PART.everything);
  const metrics = events.slice(0, chosenBy < 0 ? undefined : chosenBy).flatMap((event) => (event.type === 'epoch' ? [event.metric] : []));
  if (metrics.length > 0) print(`${curveText(metrics)}  ${metrics.at(0)?.toFixed(4) ?? ''} to ${metrics.at(-1)?.toFixed(4) ?? ''}, best ${Math.max(...metrics).toFixed(4)}`);
  return events;
};
