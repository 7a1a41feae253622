/** Kinds, actions and signal families are rows of a registry, open to plug-ins: add a row, never a branch. */
import { ThroughlineError } from './errors.ts';

/** What a signal is made of; a member switches each family on or off, at one operator. */
export const SIGNAL_FAMILIES = ['profile', 'activity', 'graph', 'sequence'] as const;
export type SignalFamily = (typeof SIGNAL_FAMILIES)[number];
export type SignalFamilies = Readonly<Record<SignalFamily, boolean>>;
export const ALL_SIGNALS: SignalFamilies = { profile: true, activity: true, graph: true, sequence: true };

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
}

const row = (name: string, polarity: 1 | 0 | -1, options: Partial<Omit<ActionKind, 'name' | 'polarity'>> = {}): ActionKind =>
  ({ name, polarity, targets: [], undoable: false, signal: 'activity', public: false, ...options });

/** Numbers are places in this list and are written to disk: append only. */
export const ACTIONS: readonly ActionKind[] = [
  row('click', 1),
  row('like', 1, { undoable: true, public: true }),
  row('comment', 1, { public: true }),
  row('share', 1, { undoable: true, public: true }),
  row('longView', 1),
  row('save', 1, { undoable: true }),
  row('follow', 1, { undoable: true, signal: 'graph' }),
  row('connect', 1, { undoable: true, targets: ['member'], signal: 'graph' }),
  row('apply', 1, { targets: ['job'] }),
  row('hide', -1, { undoable: true }),
  row('notInterested', -1, { undoable: true }),
  row('view', 1),
];

/** Entity kinds known from the start; numbers are places in this list and are written to disk: append only. */
export const ENTITY_KINDS: readonly string[] = ['member', 'company', 'article', 'post', 'job'];

const actionNumbers = new Map(ACTIONS.map((action, number) => [action.name, number]));

/** @throws client/unknownKind */
export const actionNumber = (name: string): number => {
  const number = actionNumbers.get(name);
  if (number === undefined) throw new ThroughlineError('client/unknownKind', `there is no action "${name}"; known: ${ACTIONS.map((action) => action.name).join(', ')}`);
  return number;
};

/** The five actions that the second pass predicts, in the order of its heads. */
export const PREDICTED_ACTIONS = ['click', 'like', 'comment', 'share', 'longView'] as const;
export type PredictedAction = (typeof PREDICTED_ACTIONS)[number];
