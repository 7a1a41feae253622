/**
 * Every number of the demo world in one table, with its unit and its meaning: what is not here is not tunable, and what a
 * model is judged against can be printed beside its figures.
 */
import { createHash } from 'node:crypto';

interface Row { readonly value: number; readonly unit: string; readonly meaning: string }
const row = (value: number, unit: string, meaning: string): Row => ({ value, unit, meaning });

export const PARAMETERS = {
  seed: row(7, '', 'Seed of all chance: the same seed and the same answers give the same requests'),
  members: row(240, 'members', 'People in the network'),
  connections: row(16, 'per member', 'Mean number of connections'),
  insideField: row(0.72, 'probability', 'A connection stays inside the industry of the member'),
  falseInterest: row(0.12, 'probability', 'A declared topic in which the member is not interested any more'),
  latentTopics: row(2, 'topics', 'Strong interests that a profile does not declare'),
  backlogDays: row(10, 'days', 'Age of the oldest content when the history begins'),
  historyDays: row(12, 'days', 'Length of the simulated history'),
  trainings: row(4, 'models', 'Trainings during the history, evenly apart, the last at its end'),
  pivots: row(0.08, 'probability', 'A member changes career track, from one topic to another of another industry'),
  blips: row(0.08, 'probability', 'A member strays to another topic for an evening, in the feed alone, and comes back'),
  turnDays: row(24, 'days', 'Time between two turns of a member who has them, the first at a moment of their own'),
  blipHours: row(5, 'hours', 'How long a member strays'),
  newTrack: row(0.95, 'interest', 'What a topic counts, 0 to 1, to a member who strays or changes to it'),
  newField: row(0.45, 'interest', 'What its neighbours in the industry count at least to a member who changes to it'),
  leftBehind: row(0.3, 'factor', 'What is left of the interest in the track that a member has left'),
  idleErrands: row(0.55, 'probability', 'A planned errand is skipped by somebody who is on their old track'),
  busyShare: row(0.3, 'share', 'For so much of the time until their next turn a new track keeps a member busy'),
  busyWithIt: row(0.6, 'probability', 'An errand of a busy member is about the new track'),
  leadsOn: row(0.65, 'probability', 'An errand of a busy member leads to another'),
  leadsOnHours: row(9, 'hours', 'Mean time until that one'),
  searches: row(0.4, 'probability', 'An errand begins with a search'),
  accepts: row(0.5, 'probability', 'An invitation is accepted'),
  errandsPerDay: row(1.2, 'per member', 'Visits to other surfaces that are planned on a working day; of those on their old track about half are made'),
  experienceYears: row(9, 'years', 'Mean experience of a member, drawn without memory; rank grows with it'),
  positionYears: row(3.2, 'years', 'Mean length of a position, drawn without memory'),
  formerTrack: row(0.15, 'probability', 'The first third of a career was spent on another topic'),
  bursts: row(0.15, 'probability', 'A member has bursts: days of many more visits and posts, once in the time between two turns'),
  burstDays: row(2, 'days', 'Length of a burst'),
  burstFactor: row(3, 'factor', 'Visits and posts during a burst'),
  creators: row(0.06, 'probability', 'A member posts for an audience'),
  creatorPosts: row(4, 'factor', 'Posts of a creator against those of other members'),
  creatorsFollowed: row(3, 'per member', 'Creators that a member follows, by interest, where there are so many'),
  hashtagsFollowed: row(1.5, 'per member', 'Mean hashtags that a member follows'),
  groupsJoined: row(1.6, 'per member', 'Mean groups that a member is in when the history begins'),
  newslettersRead: row(0.9, 'per member', 'Mean newsletters that a member is subscribed to when the history begins'),
  eventsPlanned: row(0.3, 'per member', 'Mean events that a member is going to when the history begins'),
  coursesStarted: row(0.5, 'per member', 'Mean courses that a member has started when the history begins'),
  sessionsPerDay: row(2.3, 'per member', 'Mean sessions on a working day of a member who is about: see returnBias'),
  weekend: row(0.55, 'factor', 'Activity on Saturdays and Sundays'),
  articlesPerDay: row(18, 'per day', 'News articles published'),
  companyPostsPerDay: row(7, 'per day', 'Posts by companies'),
  jobsPerDay: row(5, 'per day', 'Jobs advertised'),
  eventsPerDay: row(1.5, 'per day', 'Events announced'),
  eventLeadDays: row(9, 'days', 'Mean time from the announcement of an event to its beginning'),
  campaignsPerDay: row(2.5, 'per day', 'Sponsored campaigns that begin'),
  campaignDays: row(4, 'days', 'Mean length of a campaign'),
  bidPerClick: row(0.6, 'EUR', 'Median of what a click may cost; a thousand impressions may cost twelve times as much'),
  campaignBudget: row(12, 'EUR', 'Median of what a campaign may cost in a day'),
  companyMentions: row(0.12, 'probability', 'A post of a member names a company'),
  profileChanges: row(0.004, 'probability', 'A session ends with news of a new position'),
  postsPerSession: row(0.09, 'probability', 'A session of an average author ends with a post'),
  pageItems: row(20, 'items', 'Length of the pages asked for'),
  depthMinimum: row(6, 'items', 'A session scrolls at least this deep'),
  depthMean: row(10, 'items', 'Mean further depth, drawn without memory, of a session in which nothing pleases'),
  depthMaximum: row(60, 'items', 'A session scrolls at most this deep'),
  examinationSlope: row(0.12, 'per place', 'Examination e(k) = max(floor, 1 / (1 + slope * k)), k counted from 0'),
  examinationFloor: row(0.2, 'probability', 'Lowest examination'),
  fatigue: row(0.55, 'logit', 'Loss of every response for each ln(1 + earlier impressions of the item by the member)'),
  freshHours: row(48, 'hours', 'Age at which freshness has fallen to 1/e'),
  temperament: row(0.3, 'logit', 'Standard deviation between members of their readiness to respond'),
  kindPreference: row(0.4, 'logit', 'Standard deviation between members of their liking for each kind'),
  novelty: row(0.4, 'logit', 'Standard deviation between members of their liking for what lies outside their past topics'),
  sponsoredDislike: row(0.35, 'logit', 'Loss of every response to a card that somebody pays for'),
  depthPerAction: row(0.8, 'items', 'A session scrolls so much deeper for each card acted on'),
  satisfactionScale: row(8, 'cards', 'Satisfaction of a session = 1 - exp(-(cards acted on - annoyance * cards hidden or reported) / scale), at least 0'),
  annoyance: row(2, 'cards', 'What a card hidden or reported costs of the cards acted on'),
  returnBias: row(0.6, 'logit', 'P(returns the next day) = 1 / (1 + exp(-(bias + satisfaction weight * (satisfaction - 0.5) + habit * ln(activity))))'),
  returnSatisfaction: row(1.8, 'logit', 'Weight of the satisfaction of the last session of a day'),
  returnHabit: row(0.5, 'logit', 'Weight of the logarithm of sessions relative to the average member'),
  leaves: row(0.0006, 'probability', 'A session is the last one for good, at middling satisfaction; twice as likely at none, never at all'),
  longViewSeconds: row(12, 'seconds', 'Visible time from which a view counts as long'),
} as const satisfies Record<string, Row>;

export type Scalars = { readonly [Name in keyof typeof PARAMETERS]: number };

/** One response as a logistic function of standardised signals: bias + sum of weight * signal. */
export interface Response {
  readonly bias: number;
  /** Times interest, from -0.7 (none) to 1.3 (strongest topic). */
  readonly interest: number;
  /** Times tie strength to the author, or 0.4 of it to who is named, 0 to 1. */
  readonly tie: number;
  /** Times quality of the item, standard normal within 2. */
  readonly quality: number;
  /** Times freshness, 1 (now) to 0. */
  readonly freshness: number;
  /** Kinds it can be done to; `creator` is a member who posts for an audience. */
  readonly kinds: readonly string[];
}
const response = (weights: readonly [number, number, number, number, number], kinds: readonly string[]): Response =>
  ({ bias: weights[0], interest: weights[1], tie: weights[2], quality: weights[3], freshness: weights[4], kinds });

const READING = ['article', 'post'];
const OFFERS = ['group', 'event', 'newsletter', 'course'];
const EVERYTHING = ['article', 'post', 'job', 'company', 'member', 'school', 'hashtag', ...OFFERS];

/** Given that the card was examined, these happen independently of each other. */
export const RESPONSES = {
  click: response([-2.4, 1.2, 0.7, 0.4, 1.4], EVERYTHING),
  like: response([-2.9, 1.2, 1.3, 0.5, 1.3], READING),
  comment: response([-4.0, 1.1, 1.4, 0.4, 0.7], READING),
  share: response([-4.3, 1.3, 0.6, 0.7, 0.7], READING),
  longView: response([-2.0, 1.2, 0.3, 0.5, 1.0], [...READING, 'job']),
  save: response([-4.3, 1.2, 0.2, 0.6, 0.3], [...READING, 'job', 'course', 'event']),
  hide: response([-5.1, -1.6, -0.8, -0.5, 0], EVERYTHING),
  report: response([-7.2, -1.2, -0.8, -1.0, 0], EVERYTHING),
  follow: response([-3.2, 1.5, 0.6, 0, 0], ['company', 'hashtag', 'school', 'creator']),
  connect: response([-3.4, 1.0, 2.6, 0, 0], ['member']),
  apply: response([-4.2, 1.6, 0.3, 0.2, 0.5], ['job']),
  join: response([-3.3, 1.7, 0.5, 0.3, 0], ['group']),
  attend: response([-3.7, 1.6, 0.7, 0.3, 0.6], ['event']),
  subscribe: response([-3.6, 1.7, 0.6, 0.5, 0], ['newsletter']),
  start: response([-3.9, 1.8, 0.2, 0.5, 0], ['course']),
  buy: response([-5.6, 1.8, 0.2, 0.6, 0], ['course']),
} as const satisfies Record<string, Response>;
export type ResponseName = keyof typeof RESPONSES;
export const RESPONSE_NAMES: readonly ResponseName[] = Object.keys(RESPONSES) as ResponseName[];

/** Added to every response, by kind of the item. */
export const KIND_BIAS: Readonly<Record<string, number>> = { article: -0.1, post: 0.1, job: -0.3, company: -0.2, member: 0.1, group: -0.2, event: -0.2, newsletter: -0.3, course: -0.3, hashtag: -0.5, school: -0.5 };

/** What is done on a surface to a thing that was looked at, each deed with its probability for somebody of middling interest. */
export interface Stall { readonly surface: string; readonly kind: string; readonly weight: number; readonly deeds: readonly (readonly [action: string, probability: number])[] }
/** Where errands lead, by weight. */
export const STALLS: readonly Stall[] = [
  { surface: 'jobs', kind: 'job', weight: 0.34, deeds: [['save', 0.12], ['apply', 0.1]] },
  { surface: 'learning', kind: 'course', weight: 0.24, deeds: [['save', 0.1], ['start', 0.3], ['complete', 0.08], ['buy', 0.06]] },
  { surface: 'groups', kind: 'group', weight: 0.12, deeds: [['join', 0.3]] },
  { surface: 'people', kind: 'member', weight: 0.12, deeds: [['invite', 0.15]] },
  { surface: 'pages', kind: 'company', weight: 0.06, deeds: [['follow', 0.12]] },
  { surface: 'newsletters', kind: 'newsletter', weight: 0.07, deeds: [['subscribe', 0.2], ['read', 0.5]] },
  { surface: 'events', kind: 'event', weight: 0.05, deeds: [['attend', 0.25]] },
];

export const parameters = (changes: Partial<Scalars> = {}): Scalars =>
  ({ ...Object.fromEntries(Object.entries(PARAMETERS).map(([name, { value }]) => [name, value])) as Scalars, ...changes });

const columns = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => (cells[column] ?? '').length)));
  return rows.map((cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n');
};

/** The whole world as text: scalars with their unit and meaning, then the tables of responses, kinds and errands. */
export const printParameters = (values: Scalars): string => {
  const scalars = Object.entries(PARAMETERS).map(([name, { unit, meaning }]) => [name, String(values[name as keyof Scalars]), unit, meaning]);
  const responses = Object.entries(RESPONSES).map(([name, r]) => [name, r.bias, r.interest, r.tie, r.quality, r.freshness, r.kinds.join(' ')].map(String));
  const kinds = Object.entries(KIND_BIAS).map(([kind, bias]) => [kind, String(bias)]);
  return [
    columns([['parameter', 'value', 'unit', 'meaning'], ...scalars]),
    columns([['response', 'bias', 'interest', 'tie', 'quality', 'freshness', 'kinds'], ...responses]),
    columns([['kind', 'bias'], ...kinds]),
    columns([['surface', 'kind', 'weight', 'deeds, each with its probability'], ...STALLS.map(({ surface, kind, weight, deeds }) => [surface, kind, String(weight), deeds.map(([action, p]) => `${action} ${p}`).join(', ')])]),
  ].join('\n\n');
};

/** The beginning of the SHA-256 of every number of the world: what was tuned on is what is judged on. */
export const parametersHash = (): string => createHash('sha256').update(printParameters(parameters())).digest('hex').slice(0, 16);
