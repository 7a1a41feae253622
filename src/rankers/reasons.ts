/** Why an item is there: codes inside, words at decoration in the viewer's locale. */
export const REASONS = {
  recent: { en: 'Recent' },
  popularNow: { en: 'Many people are reading this' },
  likeWhatYouRead: { en: 'Close to what you have been reading' },
  topicOfYours: { en: 'About a topic of yours' },
  networkPosted: { en: '{actors} posted this' },
  networkShared: { en: '{actors} shared this' },
  networkLiked: { en: '{actors} liked this' },
  networkCommented: { en: '{actors} commented on this' },
  jobMatchesSkills: { en: 'Asks for skills of yours' },
  jobRecent: { en: 'New job' },
  mutualConnections: { en: 'Connected to {actors}' },
  sameCompany: { en: 'Works where you work' },
  becauseOf: { en: 'Because of {actors}' },
  fitsJourney: { en: 'Follows from what you did lately' },
  fitsProfile: { en: 'Suits your profile' },
  promoted: { en: 'Promoted' },
} as const;
export type ReasonCode = keyof typeof REASONS;

/** Numbers are written to disk: append only. */
export const REASON_CODES = Object.keys(REASONS) as readonly ReasonCode[];
const numbers = new Map(REASON_CODES.map((code, number) => [code, number]));
export const reasonNumber = (code: ReasonCode): number => numbers.get(code) ?? 0;

/** "Ana", "Ana and Ben", "Ana and 2 others". Member text is never parsed as a pattern. */
export const actorList = (names: readonly string[], total: number): string => {
  const [first = 'Someone', second] = names;
  if (total <= 1) return first;
  if (total === 2 && second !== undefined) return `${first} and ${second}`;
  return `${first} and ${total - 1} other${total === 2 ? '' : 's'}`;
};

/** The reason for the viewer. */
export const reasonText = (code: ReasonCode, actors: string): string => REASONS[code].en.split('{actors}').join(actors);
