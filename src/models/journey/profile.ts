/** Where a member without events stands: what their profile is about, in the space of items. */
import { contentId, CONTENT_WIDTH } from '../sequences/content.ts';
import type { JourneyReader } from './reader.ts';

/** That somebody is a member says nothing of what they are about. */
const OF_MEMBERS: number = contentId('k:member');

/** Whether nothing is told but that somebody is a member: two such members are alike in nothing. */
export const saysNothing = (features: Uint16Array): boolean => features.every((id) => id === 0 || id === OF_MEMBERS);

/** @param features of the member's entity. Fills out [width] with a unit vector, or zeros. @returns false for zeros: the profile says nothing */
export const profileState = (reader: Pick<JourneyReader, 'vectors'>, features: Uint16Array, out: Float32Array): boolean => {
  const own = new Uint16Array(CONTENT_WIDTH);
  features.filter((id) => id !== OF_MEMBERS).forEach((id, place) => { own[place] = id; });
  reader.vectors({ rows: Int32Array.of(-1), features: own }, out);
  return out.some((value) => value !== 0);
};
