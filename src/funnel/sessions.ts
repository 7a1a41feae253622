/**
 * Sessions: stretches of what a member does with no 30 minutes between them in which nothing happens (the default of Snowplow, RudderStack and
 * Google's analytics). In a stream: an event that comes late extends the session it falls into, and closes the gap between two. A number that was
 * told stays told. Memory: the last `KEPT` sessions of each member.
 */
import { MINUTE } from '../core/clock.ts';

export const SESSION_GAP_MS: number = 30 * MINUTE;
const KEPT = 8;

interface Stretch { from: number; to: number; readonly number: number }
interface Known { stretches: Stretch[]; last: number }

export interface Sessions {
  /** The number, from 1, of the member's session that a time falls into. */
  of(member: string, at: number): number;
  /** How many there were, of all members; and how many members. */
  count(): number;
  members(): number;
}

export const createSessions = (gapMs: number = SESSION_GAP_MS): Sessions => {
  const known = new Map<string, Known>();
  let sessions = 0;
  const begin = (member: Known, at: number): number => {
    member.last++;
    sessions++;
    const place = member.stretches.findLastIndex(({ to }) => to < at) + 1;
    member.stretches.splice(place, 0, { from: at, to: at, number: member.last });
    if (member.stretches.length > KEPT) member.stretches.shift();
    return member.last;
  };
  /** Two that have come within the gap of each other are one, under the number of the earlier. */
  const close = (member: Known, place: number): void => {
    const [earlier, later] = [member.stretches[place], member.stretches[place + 1]];
    if (earlier === undefined || later === undefined || later.from - earlier.to > gapMs) return;
    earlier.to = Math.max(earlier.to, later.to);
    member.stretches.splice(place + 1, 1);
    sessions--;
  };
  return {
    of: (name, at) => {
      const member = known.get(name) ?? { stretches: [], last: 0 };
      known.set(name, member);
      const place = member.stretches.findLastIndex(({ from, to }) => at >= from - gapMs && at <= to + gapMs);
      const stretch = member.stretches[place];
      if (stretch === undefined) return begin(member, at);
      stretch.from = Math.min(stretch.from, at);
      stretch.to = Math.max(stretch.to, at);
      close(member, place);
      close(member, place - 1);
      return (member.stretches[place - 1]?.to ?? Number.NEGATIVE_INFINITY) >= at ? (member.stretches[place - 1]?.number ?? 0) : stretch.number;
    },
    count: () => sessions,
    members: () => known.size,
  };
};
