/** What experiments may vary: each row stands with its type, in the room that asks for it. To let something else vary, add its row here. */
import type { Parameter } from '../core/context.ts';
import { COHORTS } from '../discovery/pool/index.ts';
import { DEFAULT_RULES, discoveryRules, type DiscoveryRules } from '../discovery/rules.ts';
import { DEFAULT_VALUES, feedValues, type ActionValues } from '../feed/values.ts';

/** What holds where no experiment says otherwise, as far as the configuration decides it. */
export interface ConfiguredDefaults {
  readonly values?: ActionValues;
  readonly rules?: DiscoveryRules;
  /** Names of the cohorts there are. */
  readonly cohorts?: readonly string[];
}

/** @throws client/invalidConfig for defaults that cannot be */
export const parametersOf = ({ values = DEFAULT_VALUES, rules = DEFAULT_RULES, cohorts = COHORTS.map(({ name }) => name) }: ConfiguredDefaults): readonly Parameter<unknown>[] =>
  [feedValues(values), discoveryRules(rules, cohorts)];
