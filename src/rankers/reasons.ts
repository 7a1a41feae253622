interface Words {
  readonly en: string;
  /** What is said where nobody gave the skills that it speaks of. */
  readonly unnamed?: { readonly en: string };
}

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
  adjacentSkill: { en: 'Your {known} carries over to {asked}', unnamed: { en: 'Your skills carry over to it' } },
  adjacentSkillOf: { en: 'Knows {asked}, close to your {known}', unnamed: { en: 'Has skills close to yours' } },
  promoted: { en: 'Promoted' },
  creatorOfYours: { en: '{actors} writes about what you work with' },
  creatorYouRead: { en: '{actors} writes about what you have been reading' },
  newsOfFollowed: { en: 'About {actors}, which you follow' },
  newsOfEmployer: { en: 'About {actors}, where you work' },
  newsOfFormer: { en: 'About {actors}, where you worked' },
  courseForJob: { en: 'Teaches what {actors} asks for' },
  courseNext: { en: 'Teaches {asked}, a step from your {known}', unnamed: { en: 'A step from skills of yours' } },
  connectionsAttend: { en: 'Attended by {actors}' },
  connectionsBelong: { en: 'Joined by {actors}' },
  sameSchool: { en: 'Studied where you studied' },
  sameGroup: { en: 'In a group of yours' },
  samePlace: { en: 'Lives where you live' },
  sameRole: { en: 'Works as what you do' },
  connectionsFollow: { en: 'Followed by {actors}' },
  connectionsSubscribe: { en: 'Read by {actors}' },
} as const satisfies Record<string, Words>;
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

/** Who and what a reason speaks of, as they are shown: "Ana and 2 others", a skill of the viewer's and the one that it leads to. */
export interface Spoken { readonly actors: string; readonly terms: readonly string[] }

/** The reason for the viewer. Names are put in all at once: what one of them says is no pattern for the next. */
export const reasonText = (code: ReasonCode, { actors, terms }: Spoken): string => {
  const words: Words = REASONS[code];
  const [known, asked] = terms;
  if (words.unnamed !== undefined && (known === undefined || asked === undefined)) return words.unnamed.en;
  if (!words.en.includes('{')) return words.en;
  return words.en.replace(/\{(actors|known|asked)\}/gu, (_all, name: string) => (name === 'actors' ? actors : (name === 'known' ? known : asked) ?? ''));
};
