/** Runs many tasks along one line of time, simulated or real: whatever is due first goes on first. */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';

/** Yields the time (milliseconds since the epoch) at which it wants to go on. */
export type Task = AsyncGenerator<number, void, void>;

export interface Timeline {
  now(): number;
  /** Resolves when it is `at`, or `signal` aborts. */
  reach(at: number, signal?: AbortSignal): Promise<void>;
}

const STEPS_PER_TURN = 32;

/** Drives a clock that stands still otherwise; it never goes back. */
export const simulatedTimeline = (clock: Clock & { set(at: number): void }): Timeline => {
  let steps = 0;
  return {
    now: () => clock.now(),
    reach: async (at) => {
      if (at > clock.now()) clock.set(at);
      // Days pass in one turn of the event loop otherwise, and nobody could press Ctrl-C.
      if (++steps % STEPS_PER_TURN === 0) await turn();
    },
  };
};

export const realTimeline = (clock: Clock): Timeline => ({
  now: () => clock.now(),
  reach: async (at, signal) => {
    const ms = at - clock.now();
    // Aborting is how a world ends, not a failure.
    if (ms > 0) await sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  },
});

export interface ScheduleOptions {
  /** Tasks due at or after this time are left undone. */
  readonly until?: number;
  readonly signal?: AbortSignal;
  /** A task that throws ends alone when this is given; otherwise everything ends with its error. */
  readonly onFailure?: (error: unknown) => void;
}
export interface Schedule { spawn(task: Task, at: number): void; run(options: ScheduleOptions): Promise<void> }

interface Entry { readonly at: number; readonly order: number; readonly task: Task }
const before = (one: Entry | undefined, other: Entry | undefined): boolean =>
  one !== undefined && other !== undefined && (one.at < other.at || (one.at === other.at && one.order < other.order));

const createHeap = (): { push(entry: Entry): void; pop(): Entry | undefined } => {
  const heap: Entry[] = [];
  const swap = (a: number, b: number): void => {
    const [one, other] = [heap[a], heap[b]];
    if (one !== undefined && other !== undefined) { heap[a] = other; heap[b] = one; }
  };
  return {
    push: (entry) => {
      let at = heap.push(entry) - 1;
      for (let parent = (at - 1) >> 1; at > 0 && before(heap[at], heap[parent]); parent = (at - 1) >> 1) { swap(at, parent); at = parent; }
    },
    pop: () => {
      const first = heap[0];
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return first;
      heap[0] = last;
      for (let at = 0; ;) {
        const left = 2 * at + 1;
        const least = before(heap[left + 1], heap[left]) ? left + 1 : left;
        if (!before(heap[least], heap[at])) return first;
        swap(at, least);
        at = least;
      }
    },
  };
};

export const createSchedule = (timeline: Timeline): Schedule => {
  const heap = createHeap();
  let order = 0;
  const spawn = (task: Task, at: number): void => { heap.push({ at, order: order++, task }); };
  /** @returns when it wants to go on, or undefined where it is over. */
  const step = async (task: Task, onFailure: ScheduleOptions['onFailure']): Promise<number | undefined> => {
    try {
      const { done, value } = await task.next();
      return done === true ? undefined : value;
    } catch (error) {
      if (onFailure === undefined) throw error;
      onFailure(error);
      return undefined;
    }
  };
  const run = async ({ until = Number.POSITIVE_INFINITY, signal, onFailure }: ScheduleOptions): Promise<void> => {
    for (let due = heap.pop(); due !== undefined && due.at < until; due = heap.pop()) {
      await timeline.reach(due.at, signal);
      if (signal?.aborted === true) return;
      const next = await step(due.task, onFailure);
      if (next !== undefined) spawn(due.task, next);
    }
  };
  return { spawn, run };
};
