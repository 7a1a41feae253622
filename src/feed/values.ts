/**
 * What each predicted action is worth: the value of an item is the sum of probability times worth over this table, at least 0. A table is public, has a
 * version that every served record names, and can be another one without training anew.
 */
import { z } from 'zod';
import type { Parameter } from '../core/context.ts';
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

/** Undefined where there is none. Once plug-ins have added their actions. */
const faultOf = ({ version, actions }: ActionValues): string | undefined => {
  const unknown = Object.keys(actions).find((name) => name !== INTERACT && !ACTIONS.some((action) => action.name === name));
  if (unknown !== undefined) return `the table of values "${version}" names the action "${unknown}", which nobody predicts; known: ${[INTERACT, ...ACTIONS.map(({ name }) => name)].join(', ')}`;
  if (!Object.values(actions).some((value) => value > 0)) return `the table of values "${version}" has nothing above 0, so that every item would be worth the same; give an action a value, such as "${INTERACT}": 1`;
  return undefined;
};

/** @throws client/invalidConfig */
export const checkValues = (values: ActionValues): void => {
  const fault = faultOf(values);
  if (fault !== undefined) throw new ThroughlineError('client/invalidConfig', fault);
};

export const actionValuesSchema: z.ZodObject<{ version: z.ZodString; actions: z.ZodRecord<z.ZodString, z.ZodNumber> }> = z.strictObject({
  version: z.string().min(1).max(64).describe('Names the table; every page that was served says which one it followed'),
  actions: z.record(z.string(), z.number().min(-1000).max(1000)).describe('What the probability of each action is worth: interact (any positive action) or an action by its name; what is not named is worth nothing'),
});

/** @param byDefault the table of the configuration */
export const feedValues = (byDefault: ActionValues): Parameter<ActionValues> => ({
  name: 'feedValues', about: 'what the probability of each action is worth in the feed', default: byDefault,
  schema: actionValuesSchema.superRefine((values, context) => {
    const fault = faultOf(values);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  }),
});
