/**
 * What each predicted action is worth: the value of an item is the sum of probability times worth over this table, at least 0. A table is public, has a
 * version that every served record names, and can be another one without training anew.
 */
import { ThroughlineError } from '../core/errors.ts';
import { ACTIONS } from '../core/registry.ts';
import { INTERACT } from '../models/learned.ts';

export interface ActionValues {
  readonly version: string;
  /** By head: `interact`, any positive action, or an action of the registry. What is not named is worth nothing. */
  readonly actions: Readonly<Record<string, number>>;
}

/** An answer is an answer; a card that is hidden costs one, a card that is reported several. */
export const DEFAULT_VALUES: ActionValues = { version: 'values-1', actions: { [INTERACT]: 1, hide: -1, report: -5 } };

/** Once plug-ins have added their actions. @throws client/invalidConfig */
export const checkValues = ({ version, actions }: ActionValues): void => {
  const unknown = Object.keys(actions).find((name) => name !== INTERACT && !ACTIONS.some((action) => action.name === name));
  if (unknown !== undefined) throw new ThroughlineError('client/invalidConfig', `the table of values "${version}" names the action "${unknown}", which nobody predicts; known: ${[INTERACT, ...ACTIONS.map(({ name }) => name)].join(', ')}`);
  if (!Object.values(actions).some((value) => value > 0)) throw new ThroughlineError('client/invalidConfig', `the table of values "${version}" has nothing above 0, so that every item would be worth the same; give an action a value, such as "${INTERACT}": 1`);
};
