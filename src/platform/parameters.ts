/** What experiments may vary: each row stands with its type, in the room that asks for it. To let something else vary, add its row here. */
import type { Parameter } from '../core/context.ts';
import { DEFAULT_VALUES, feedValues, type ActionValues } from '../feed/values.ts';

/** What holds where no experiment says otherwise, as far as the configuration decides it. */
export interface ConfiguredDefaults { readonly values?: ActionValues }

export const parametersOf = ({ values = DEFAULT_VALUES }: ConfiguredDefaults): readonly Parameter<unknown>[] => [feedValues(values)];
