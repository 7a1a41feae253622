/**
 * Where members are going: most stay on their track, some stray for an evening (a blip), some change it for good (a pivot). A function of
 * the member and the moment alone, without a beginning, so that a world made again goes on where it was.
 */
import { DAY, HOUR } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import { pick } from './chance.ts';
import type { Scalars } from './parameters.ts';
import { FIELDS, TOPICS, topicNumber } from './text/fields.ts';

export type Script = 'stable' | 'blip' | 'pivot';

export interface Career {
  readonly script: Script;
  /** Numbers of topics: the one that a member began with, and the one they stray to or change to. */
  readonly track: number;
  readonly other: number;
  /** A turn comes every so often, first at `offsetMs` (milliseconds since the epoch, counted in whole periods). */
  readonly periodMs: number;
  readonly offsetMs: number;
  readonly blipMs: number;
  /** Days of much activity, once a period; 0 for who has none. */
  readonly burstMs: number;
  readonly burstOffsetMs: number;
  /** What a topic counts to who turned to it, what its neighbours in the field count at least, and what is left of what was left. */
  readonly weights: Pick<Scalars, 'newTrack' | 'newField' | 'leftBehind'>;
}

const fieldOfTopic = (topic: number): number => FIELDS.findIndex(({ topics }) => topics.some(({ name }) => topicNumber(name) === topic));
const FIELD_OF: readonly number[] = TOPICS.map((_, topic) => fieldOfTopic(topic));

export const drawCareer = (random: Random, of: { readonly field: number; readonly declared: readonly string[] }, values: Scalars): Career => {
  const draw = random.next();
  const script = draw < values.pivots ? 'pivot' : draw < values.pivots + values.blips ? 'blip' : 'stable';
  const track = topicNumber(of.declared[0] ?? '') ?? 0;
  const elsewhere = TOPICS.map((_, topic) => topic).filter((topic) => FIELD_OF[topic] !== of.field && !of.declared.includes(TOPICS[topic]?.name ?? ''));
  const periodMs = values.turnDays * DAY;
  const other = pick(random, elsewhere);
  const offsetMs = Math.floor(random.next() * periodMs);
  const bursts = random.next() < values.bursts;
  return { script, track, other, periodMs, offsetMs, blipMs: values.blipHours * HOUR, burstMs: bursts ? values.burstDays * DAY : 0, burstOffsetMs: Math.floor(random.next() * periodMs), weights: values };
};

/** Whether it is one of the days on which a member does much of everything. A function of the moment, as all of a career. */
export const inBurst = ({ periodMs, burstMs, burstOffsetMs }: Career, at: number): boolean => at - burstOffsetMs - Math.floor((at - burstOffsetMs) / periodMs) * periodMs < burstMs;

/** Whether the other topic has a member's interest at a moment, and for how long it has, in milliseconds. */
export const turned = ({ script, periodMs, offsetMs, blipMs }: Career, at: number): { readonly isTurned: boolean; readonly sinceMs: number } => {
  const periods = Math.floor((at - offsetMs) / periodMs);
  const sinceMs = at - offsetMs - periods * periodMs;
  if (script === 'stable') return { isTurned: false, sinceMs };
  return { isTurned: script === 'pivot' ? periods % 2 !== 0 : sinceMs < blipMs, sinceMs };
};

/** Interest in a topic at a moment, 0 to 1. */
export const interestAt = (inner: { readonly interest: readonly number[]; readonly career: Career }, topic: number, at: number): number => {
  const own = inner.interest[topic] ?? 0;
  const { career } = inner;
  if (career.script === 'stable' || !turned(career, at).isTurned) return own;
  const { newTrack, newField, leftBehind } = career.weights;
  if (topic === career.other) return newTrack;
  if (career.script === 'blip') return own;
  if (topic === career.track) return own * leftBehind;
  return FIELD_OF[topic] === FIELD_OF[career.other] ? Math.max(own, newField) : own;
};
