/** Worlds that differ from ours in what a model might lean on: what holds in all of them is no property of one table of numbers. */
import type { Scalars } from './parameters.ts';

export const PERTURBED: readonly { readonly name: string; readonly values: Partial<Scalars> }[] = [
  { name: 'eyes that stay at the top', values: { examinationSlope: 0.25, examinationFloor: 0.08 } },
  { name: 'news that lasts', values: { freshHours: 120, articlesPerDay: 9 } },
  { name: 'profiles that mislead', values: { falseInterest: 0.35, latentTopics: 4 } },
  { name: 'members who turn', values: { pivots: 0.2, blips: 0.2, turnDays: 10 } },
  { name: 'members who tire', values: { fatigue: 1.1, temperament: 0.6, kindPreference: 0.8 } },
];
