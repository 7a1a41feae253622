/** Errands of members beside the feed, as columns: the same as beside a server, told at once. */
import { HOUR, MINUTE } from '../../core/clock.ts';
import { exponential } from '../chance.ts';
import type { WorldEvent } from '../client.ts';
import { accepted, browse } from '../errand.ts';
import { HAPPENING_NUMBERS, surfaceNumber } from './blocks.ts';
import type { Cast } from './cast.ts';
import type { HistoryVisit } from './reading.ts';

/** Deeds beside the feed as columns; those done to what is not there any more are left out. */
export const tellDeeds = (cast: Cast, deeds: readonly WorldEvent[], visit: number): void => {
  const { events } = cast;
  for (const { member, item, action = '', surface = '', at } of deeds) {
    const person = cast.world.personOf(member);
    const row = cast.items.rowOf(item);
    if (person === undefined || row === undefined) continue;
    Object.assign(events.draft, { what: HAPPENING_NUMBERS.get(action) ?? 0, surface: surfaceNumber(surface), member: cast.numberOf(person), item: row, at: Date.parse(at), visibleMs: 0, visit, place: -1 });
    events.write();
  }
};

/** An errand and what it leads to within the day. @returns whether it was run at all */
export const runErrands = (cast: Cast, visit: HistoryVisit, of: { readonly until: number; readonly isBusy: boolean }): boolean => {
  const { world } = cast;
  const { random } = visit;
  if (random.next() < world.values.idleErrands && !of.isBusy) return false;
  for (let at = visit.at, round = 0; at < of.until; at += Math.round(exponential(random, world.values.leadsOnHours * HOUR)), round++) {
    const parts = { world, shelves: cast.shelves, know: cast.know };
    const own = { ...visit, id: `${visit.id}.${round}` };
    const events = browse(own, parts, at);
    tellDeeds(cast, events, visit.number);
    for (const invitation of events.filter(({ action }) => action === 'invite')) {
      const answer = accepted(own, invitation, { ...parts, at: Math.min(of.until, Date.parse(invitation.at) + Math.round(MINUTE + exponential(random, 30 * MINUTE))) });
      if (answer !== undefined) tellDeeds(cast, [answer], visit.number);
    }
    if (!of.isBusy || random.next() >= world.values.leadsOn) break;
  }
  return true;
};
