/** Kinds, actions and signal families are rows of a registry, open to plug-ins: add a row, never a branch. */
import { ThroughlineError } from './errors.ts';
import { NAME_PATTERN } from './ids.ts';

/** What a signal is made of; a member switches each family on or off, at one operator. Places are bits on disk: append only. */
export const SIGNAL_FAMILIES = ['profile', 'activity', 'graph', 'sequence', 'messages'] as const;
export type SignalFamily = (typeof SIGNAL_FAMILIES)[number];
export type SignalFamilies = Readonly<Record<SignalFamily, boolean>>;
export const ALL_SIGNALS: SignalFamilies = { profile: true, activity: true, graph: true, sequence: true, messages: true };
/** What holds until a member says otherwise: with whom one exchanges messages is used only where one asked for it. */
export const DEFAULT_SIGNALS: SignalFamilies = { ...ALL_SIGNALS, messages: false };

/** One bit per family that is not as it is by default: 0 for a member who never said anything, and a new family begins with its default. */
export const switchedBits = (allowed: SignalFamilies): number => SIGNAL_FAMILIES.reduce((bits, family, i) => bits | (allowed[family] === DEFAULT_SIGNALS[family] ? 0 : 1 << i), 0);

/** The reverse of `switchedBits`. */
export const signalsOf = (switched: number): SignalFamilies => {
  if (switched === 0) return DEFAULT_SIGNALS;
  const on = (place: number, byDefault: boolean): boolean => ((switched & (1 << place)) === 0) === byDefault;
  return { profile: on(0, true), activity: on(1, true), graph: on(2, true), sequence: on(3, true), messages: on(4, false) };
};

/** Where in the product something is done. Places in this list are columns of models: append only. What is not named here is `other`. */
export const SURFACES = ['other', 'feed', 'jobs', 'people', 'groups', 'pages', 'learning', 'events', 'newsletters', 'messages', 'search', 'discovery'] as const;
export type Surface = (typeof SURFACES)[number];

export interface ActionKind {
  readonly name: string;
  /** 1: the member liked it, -1: the member did not, 0: neither. */
  readonly polarity: 1 | 0 | -1;
  /** Entity kinds it may point at; empty: any. */
  readonly targets: readonly string[];
  readonly undoable: boolean;
  readonly signal: SignalFamily;
  /** True where connections and followers of the actor may be told ("Ana likes this"). */
  readonly public: boolean;
  /** Where it is done unless the event says so; absent: wherever its item stands. */
  readonly surface?: Surface;
  /** True where it enters the member's own sequence and nothing else: no counter, no neighbourhood, nothing that anybody else's page could show. */
  readonly sequenceOnly?: boolean;
  /** True where the server reads it from other events: nobody may send it. */
  readonly derived?: boolean;
}

const row = (name: string, polarity: 1 | 0 | -1, options: Partial<Omit<ActionKind, 'name' | 'polarity'>> = {}): ActionKind =>
  ({ name, polarity, targets: [], undoable: false, signal: 'activity', public: false, ...options });

/** Numbers are places in this list and are written to disk: append only. */
const actions: ActionKind[] = [
  row('click', 1),
  row('like', 1, { undoable: true, public: true }),
  row('comment', 1, { public: true }),
  row('share', 1, { undoable: true, public: true }),
  row('longView', 1),
  row('save', 1, { undoable: true }),
  row('follow', 1, { undoable: true, signal: 'graph' }),
  row('connect', 1, { undoable: true, targets: ['member'], signal: 'graph', surface: 'people' }),
  row('apply', 1, { undoable: true, targets: ['job'], surface: 'jobs' }),
  row('hide', -1, { undoable: true }),
  row('notInterested', -1, { undoable: true }),
  row('view', 1, { undoable: true }),
  // A search names the topic that it was for; what was typed is never sent.
  row('search', 1, { targets: ['topic'], surface: 'search' }),
  row('invite', 1, { undoable: true, targets: ['member'], signal: 'graph', surface: 'people' }),
  row('accept', 1, { targets: ['member'], signal: 'graph', surface: 'people' }),
  row('join', 1, { undoable: true, targets: ['group'], signal: 'graph', surface: 'groups' }),
  row('start', 1, { targets: ['course'], surface: 'learning' }),
  row('complete', 1, { targets: ['course'], surface: 'learning' }),
  row('attend', 1, { undoable: true, targets: ['event'], surface: 'events' }),
  row('subscribe', 1, { undoable: true, targets: ['newsletter'], signal: 'graph', surface: 'newsletters' }),
  row('read', 1, { targets: ['newsletter'], surface: 'newsletters' }),
  // That a message was exchanged with this member, never what: no field of an event takes a text.
  row('message', 0, { targets: ['member'], signal: 'messages', surface: 'messages', sequenceOnly: true }),
  // A long look at a card: see src/journey/sequences.ts.
  row('dwell', 0, { sequenceOnly: true, derived: true }),
  // To whoever looks after the network; the card goes like one that was hidden.
  row('report', -1),
  // Paid for, here: what an offer leads to.
  row('buy', 1, { targets: ['course'], surface: 'learning' }),
  // Waved away where something was suggested: somebody else takes its place.
  row('dismiss', -1, { undoable: true }),
];

/** Every action, those of plug-ins behind the built-in ones. Plug-ins' numbers hold for one process; on disk stand their names. */
export const ACTIONS: readonly ActionKind[] = actions;
export const BUILT_IN_ACTIONS: number = actions.length;
/** What a viewer has done to an item is a set of bits. */
const MOST_ACTIONS = 31;

const kinds: string[] = ['member', 'company', 'article', 'post', 'job', 'group', 'course', 'event', 'newsletter', 'topic', 'school', 'hashtag', 'campaign', 'skill'];
/** Every entity kind, those of plug-ins behind the built-in ones. Numbers hold for one process; on disk stand names. */
export const ENTITY_KINDS: readonly string[] = kinds;

const positiveOf = (rows: readonly ActionKind[]): number => rows.reduce((bits, action, i) => (action.polarity === 1 ? bits | (1 << i) : bits), 0);
let positive = positiveOf(actions);

const invalid = (what: string): ThroughlineError => new ThroughlineError('client/invalidConfig', what);

/** Adds an action of a plug-in. Adding the same row again changes nothing. @throws client/invalidConfig */
export const registerAction = (action: ActionKind): void => {
  const known = actions.find(({ name }) => name === action.name);
  if (known !== undefined && JSON.stringify(known) === JSON.stringify(action)) return;
  if (known !== undefined) throw invalid(`there is an action "${action.name}" already, with another meaning; give yours another name`);
  if (!NAME_PATTERN.test(action.name)) throw invalid(`an action is named in letters and digits, beginning with a small letter, not "${action.name}"`);
  if (actions.length === MOST_ACTIONS) throw invalid(`there is room for ${MOST_ACTIONS} actions, and "${action.name}" would be one more`);
  actions.push(action);
  positive = positiveOf(actions);
};

/** Adds the name of an entity kind; its attributes are registered with it in catalog/kinds.ts. @throws client/invalidConfig */
export const registerKindName = (name: string): void => {
  if (kinds.includes(name)) return;
  if (!NAME_PATTERN.test(name)) throw invalid(`an entity kind is named in letters and digits, beginning with a small letter, not "${name}"`);
  kinds.push(name);
};

/** @throws client/unknownKind */
export const actionNumber = (name: string): number => {
  const number = actions.findIndex((action) => action.name === name);
  if (number < 0) throw new ThroughlineError('client/unknownKind', `there is no action "${name}"; known: ${actions.map((action) => action.name).join(', ')}`);
  return number;
};

/** The bits of all actions that a member does because they like something. */
export const positiveBits = (): number => positive;
