/** Worlds that differ from ours in what a model might lean on: what holds in all of them is no property of one table of numbers. */
import type { Scalars } from './parameters.ts';

export const PERTURBED: readonly { readonly name: string; readonly values: Partial<Scalars> }[] = [
  { name: 'eyes that stay at the top', values: { examinationSlope: 0.25, examinationFloor: 0.08, depthPerAction: 0.2, depthMinimum: 4 } },
  { name: 'news that lasts', values: { freshHours: 120, articlesPerDay: 9, eventsPerDay: 0.5, companyMentions: 0.3, campaignsPerDay: 6, sponsoredDislike: 0 } },
  { name: 'profiles that mislead', values: { falseInterest: 0.35, latentTopics: 4, formerTrack: 0.4, creators: 0.02, creatorPosts: 10, groupsJoined: 0.5 } },
  { name: 'members who turn', values: { pivots: 0.2, blips: 0.2, turnDays: 10, bursts: 0.4, burstFactor: 5, busyWithIt: 0.35, idleErrands: 0.3 } },
  { name: 'members who tire', values: { fatigue: 1.1, temperament: 0.6, kindPreference: 0.8, novelty: 0.9, sponsoredDislike: 1, satisfactionScale: 14, returnSatisfaction: 3, leaves: 0.002 } },
];
