/**
 * What happens in a run of the journey model, a line of JSON for each event, for whoever watches from elsewhere: `throughline train --watch`
 * and the console's page of models. Nothing that counts is read from here: a line that is lost is a line not seen.
 */
import { appendFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../../core/durable.ts';
import type { TrainingEvent } from '../../nn/loop.ts';
import { trainerOf } from '../../nn/training-lock.ts';
import { JOURNEY_FOLDER } from '../store.ts';

const DIARY = 'events.jsonl';
const WATCHED_MS = 1000;

/** The parts of a run, as its `start` events name them. */
export const PART = { choosing: 'choosing', everything: 'everything' } as const;

export const journeyFolder = (data: string): string => join(data, 'models', JOURNEY_FOLDER);
/** Checkpoints and diary of a run that goes on, or was stopped. */
export const runFolder = (data: string): string => join(journeyFolder(data), 'run');
export const journeyDiary = (data: string): string => join(runFolder(data), DIARY);

/** Writes down what is worth seeing of a run. */
export const createDiary = (data: string): ((event: TrainingEvent) => void) => {
  const file = journeyDiary(data);
  let batchAtMs = Number.NEGATIVE_INFINITY;
  return (event) => {
    if (event.type === 'start') batchAtMs = Number.NEGATIVE_INFINITY;
    if (event.type === 'batch') {
      if (event.elapsedMs - batchAtMs < WATCHED_MS) return;
      batchAtMs = event.elapsedMs;
    }
    try { appendFileSync(file, `${JSON.stringify(event)}\n`); } catch { /* the run itself says when the disk is full */ }
  };
};

/** An epoch, counted from 1. `metric` is the NDCG@10 of validation; null where nothing is validated. */
export interface CurvePoint { readonly epoch: number; readonly loss: number; readonly metric: number | null }

export interface JourneyRunView {
  /** `stopped`: no process trains; the same command goes on from the checkpoint. */
  readonly state: 'training' | 'stopped';
  /** Epochs are tried on what happened after a moment, then heads are fitted, then a few more epochs go through everything. */
  readonly phase: 'choosing' | 'heads' | 'everything';
  readonly process: number | null;
  /** Epoch and batch that came last, counted from 1; 0 before the first. */
  readonly epoch: number;
  readonly epochs: number;
  readonly batch: number;
  readonly batches: number;
  readonly parameters: number;
  /** Of the last batch. */
  readonly loss: number | null;
  readonly learningRate: number | null;
  readonly targetsPerSecond: number | null;
  /** Of the part that goes on, earlier stretches included. */
  readonly elapsedMs: number;
  /** At the pace so far, if every epoch of this part is run. */
  readonly leftMs: number | null;
  readonly best: { readonly epoch: number; readonly metric: number } | null;
  readonly curve: readonly CurvePoint[];
  readonly updatedAt: string;
}

type Of<T extends TrainingEvent['type']> = Extract<TrainingEvent, { type: T }>;

interface Told {
  start: Of<'start'> | undefined;
  /** The first and the last batch since then. */
  first: Of<'batch'> | undefined;
  last: Of<'batch'> | undefined;
  end: Of<'end'> | undefined;
  readonly epochs: Map<number, Of<'epoch'>>;
  /** Of the part that chose. */
  choosing: { readonly best: Of<'end'>['best']; readonly curve: readonly Of<'epoch'>[] } | undefined;
}

const take = (told: Told, event: TrainingEvent): void => {
  switch (event.type) {
    case 'start':
      if (told.start !== undefined && told.start.part !== event.part) told.epochs.clear();
      Object.assign(told, { start: event, first: undefined, last: undefined, end: undefined });
      return;
    case 'batch':
      told.first ??= event;
      told.last = event;
      return;
    case 'epoch':
      // An epoch that is run again after a kill counts as it went the last time.
      told.epochs.set(event.epoch, event);
      return;
    case 'end':
      told.end = event;
      if (told.start?.part === PART.choosing) told.choosing = { best: event.best, curve: [...told.epochs.values()] };
      return;
    case 'note': case 'checkpoint':
  }
};

/** A line that is being written is not whole yet. */
const eventsIn = (text: string): readonly TrainingEvent[] => text.split('\n').slice(0, -1).flatMap((line) => {
  try { return [JSON.parse(line) as TrainingEvent]; } catch { return []; }
});

const leftOf = ({ first, last }: Told): number | null => {
  if (first === undefined || last === undefined || last === first) return null;
  const at = (event: Of<'batch'>): number => event.epoch * event.batches + event.batch + 1;
  const done = at(last) - at(first);
  return done <= 0 ? null : (last.elapsedMs - first.elapsedMs) / done * (last.epochs * last.batches - at(last));
};

const bestOf = (epochs: readonly Of<'epoch'>[]): JourneyRunView['best'] => {
  const best = epochs.reduce<Of<'epoch'> | undefined>((most, each) => (most === undefined || each.metric > most.metric ? each : most), undefined);
  return best === undefined ? null : { epoch: best.epoch + 1, metric: best.metric };
};

const phaseOf = ({ start, end }: Told, isLive: boolean): JourneyRunView['phase'] => {
  if (start?.part !== PART.choosing) return 'everything';
  return isLive && end !== undefined ? 'heads' : 'choosing';
};

/** How the run of a data folder goes, or went when it was stopped; undefined where there is none. */
export const readRun = async (data: string): Promise<JourneyRunView | undefined> => {
  const file = journeyDiary(data);
  const told: Told = { start: undefined, first: undefined, last: undefined, end: undefined, epochs: new Map(), choosing: undefined };
  let updatedAt: Date;
  try {
    const [text, { mtime }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
    for (const event of eventsIn(text)) take(told, event);
    updatedAt = mtime;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const { start, last } = told;
  if (start === undefined) return undefined;
  const process = trainerOf(journeyFolder(data));
  const now = [...told.epochs.values()];
  const chosen = start.part === PART.choosing ? now : told.choosing?.curve ?? [];
  const shown = chosen.length > 0 ? chosen : now;
  return {
    state: process === undefined ? 'stopped' : 'training', phase: phaseOf(told, process !== undefined), process: process ?? null,
    epoch: (last?.epoch ?? now.at(-1)?.epoch ?? -1) + 1, epochs: start.epochs, batch: (last?.batch ?? -1) + 1, batches: start.batches, parameters: start.parameters,
    loss: last?.loss ?? null, learningRate: last?.rate ?? null, targetsPerSecond: last?.targetsPerSecond ?? null,
    elapsedMs: told.end?.elapsedMs ?? Math.max(last?.elapsedMs ?? 0, now.at(-1)?.elapsedMs ?? 0), leftMs: process === undefined || told.end !== undefined ? null : leftOf(told),
    best: bestOf(chosen), updatedAt: updatedAt.toISOString(),
    curve: shown.map(({ epoch, loss, metric }) => ({ epoch: epoch + 1, loss, metric: chosen.length > 0 ? metric : null })),
  };
};
