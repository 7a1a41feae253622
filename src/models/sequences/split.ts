/** Which events are learned from, which choose the model, and which are kept for the end. */
import { ThroughlineError } from '../../core/errors.ts';
import { quantile } from '../metrics.ts';
import type { SequenceData, Split } from './data.ts';

/** One event to learn from, one to validate on, one to test on. */
const LEAVE_ONE_OUT_MIN = 3;
/** Learned from: events before the moment when this share of all events had happened; validated on: those from there to the next. */
const VALIDATION_FROM = 0.8;
const TEST_FROM = 0.9;

export const LEAVE_ONE_OUT = 'leave-one-out';
export const TIME_SPLIT = 'global time split';

/** What a split is, and what it left out, in words and numbers. */
export interface SplitReport {
  readonly name: string;
  readonly protocol: string;
  readonly tested: number;
  readonly validated: number;
  /** Members that are not tested. */
  readonly untested: number;
  /** Tested members whose test event has the same time as the event before it, so that the file's order decides what is predicted. */
  readonly tied?: number;
}

export interface SplitAndReport { readonly split: Split; readonly report: SplitReport }
/** Why a file cannot be split in a way. */
export interface NoSplit { readonly none: string }

const count = (events: Int32Array): number => events.reduce((sum, event) => sum + (event >= 0 ? 1 : 0), 0);

const tiedTests = (data: SequenceData, test: Int32Array): number | undefined => {
  const { seconds } = data;
  return seconds === undefined ? undefined : count(test.map((event, m) => (event > (data.starts[m] ?? 0) && seconds[event] === seconds[event - 1] ? event : -1)));
};

const reported = (name: string, data: SequenceData, split: Split): SplitAndReport => {
  const tied = tiedTests(data, split.test);
  const tested = count(split.test);
  return { split, report: { name, protocol: split.protocol, tested, validated: count(split.validation), untested: data.members - tested, ...(tied === undefined ? {} : { tied }) } };
};

/** For each event, whether its item is new to its member. */
export const firstTouches = (data: SequenceData): Uint8Array => {
  const first = new Uint8Array(data.item.length);
  const seenBy = new Int32Array(data.items).fill(-1);
  for (let m = 0; m < data.members; m++) {
    for (let e = data.starts[m] ?? 0; e < (data.starts[m + 1] ?? 0); e++) {
      const item = data.item[e] ?? 0;
      if (seenBy[item] !== m) first[e] = 1;
      seenBy[item] = m;
    }
  }
  return first;
};

/**
 * Leave-one-out: of each member the last event on an item new to them is tested, the one before it validates, all before that is learned
 * from. In files without repeats these are the last and the next-to-last event, as published. Members with fewer than three are only
 * learned from.
 * @throws client/noData where nobody can be tested
 */
export const leaveOneOut = (data: SequenceData): SplitAndReport => {
  const first = firstTouches(data);
  const trainEnds = data.starts.slice(1);
  const validation = new Int32Array(data.members).fill(-1);
  const test = new Int32Array(data.members).fill(-1);
  let repeats = 0;
  for (let m = 0; m < data.members; m++) {
    const start = data.starts[m] ?? 0;
    const news: number[] = [];
    for (let e = start; e < (data.starts[m + 1] ?? 0); e++) if (first[e] === 1) news.push(e); else repeats++;
    const [validated, tested] = news.slice(-2);
    if (news.length < LEAVE_ONE_OUT_MIN || validated === undefined || tested === undefined) continue;
    trainEnds[m] = validated;
    validation[m] = validated;
    test[m] = tested;
  }
  const last = repeats > 0 ? 'last event on an item new to them' : 'last event';
  if (count(test) === 0) throw new ThroughlineError('client/noData', `nobody has events on ${LEAVE_ONE_OUT_MIN} different items, so nobody can be tested by leave-one-out; a larger file is needed`);
  return reported(LEAVE_ONE_OUT, data, { protocol: `leave-one-out: each member's ${last} is tested, the one before it validates, all before that is learned from`, trainEnds, validation, test });
};

/** For each member, the first event at or after a moment, as an index into the columns. */
const firstFrom = (data: SequenceData, seconds: Float64Array, from: number): Int32Array => Int32Array.from({ length: data.members }, (_, m) => {
  const end = data.starts[m + 1] ?? 0;
  let e = data.starts[m] ?? 0;
  while (e < end && (seconds[e] ?? 0) < from) e++;
  return e;
});

const touchedBefore = (data: SequenceData, ends: Int32Array): Uint8Array => {
  const touched = new Uint8Array(data.items);
  for (let m = 0; m < data.members; m++) for (let e = data.starts[m] ?? 0; e < (ends[m] ?? 0); e++) touched[data.item[e] ?? 0] = 1;
  return touched;
};

interface Window { readonly from: Int32Array; readonly until: Int32Array; readonly known: Uint8Array; readonly first: Uint8Array }

/** Of each member with a past, the first event in a window on an item that is new to them and was known to somebody before it. */
const firstNews = (data: SequenceData, { from, until, known, first }: Window): Int32Array => Int32Array.from({ length: data.members }, (_, m) => {
  const begin = from[m] ?? 0;
  if (begin === data.starts[m]) return -1;
  for (let e = begin; e < (until[m] ?? 0); e++) if (first[e] === 1 && known[data.item[e] ?? 0] === 1) return e;
  return -1;
});

const day = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

/**
 * Global time split: everybody's events before one moment are learned from, whatever comes after a later moment is tested. Predicted is
 * each member's first event from the cut-off on whose item is new to them and had been touched by somebody before the cut-off; only
 * such items are ranked; members without an event before the cut-off are not tested. The cut-offs are where 80 % and 90 % of all events
 * have happened. A prediction reads everything that the member did before the predicted event.
 */
export const timeSplit = (data: SequenceData): SplitAndReport | NoSplit => {
  const { seconds } = data;
  if (seconds === undefined) return { none: 'the file has no times' };
  const sorted = seconds.toSorted();
  const cutoffs = { validation: Math.ceil(quantile(sorted, VALIDATION_FROM)), test: Math.ceil(quantile(sorted, TEST_FROM)) };
  if (cutoffs.validation === cutoffs.test || cutoffs.validation <= (sorted[0] ?? 0)) return { none: 'too many events bear one and the same time' };
  const trainEnds = firstFrom(data, seconds, cutoffs.validation);
  const finalEnds = firstFrom(data, seconds, cutoffs.test);
  const first = firstTouches(data);
  const candidates = { validation: touchedBefore(data, trainEnds), test: touchedBefore(data, finalEnds) };
  const validation = firstNews(data, { from: trainEnds, until: finalEnds, known: candidates.validation, first });
  const test = firstNews(data, { from: finalEnds, until: data.starts.subarray(1), known: candidates.test, first });
  if (count(validation) === 0 || count(test) === 0) return { none: `nobody has one event before and another after ${day(count(test) === 0 ? cutoffs.test : cutoffs.validation)}, on an item new to them that somebody had touched` };
  const protocol = `global time split: choices are made on events before ${day(cutoffs.validation)} and validated from there to ${day(cutoffs.test)}; tested is each member's first event from then on, on an item new to them that somebody had touched before; only such items are ranked`;
  return reported(TIME_SPLIT, data, { protocol, trainEnds, finalEnds, validation, test, candidates, cutoffs });
};
