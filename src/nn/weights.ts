/** Declares the weights of a graph where they are used, so that a model's forward pass is the only place that knows its parameters. */
import type { ParameterSpec } from './arena.ts';
import type { Graph, Value } from './graph.ts';

/** Rows of a table picked by index: their gradient is scattered into the table outside the graph. */
export interface Picked { readonly table: string; readonly ids: Value; readonly rows: Value }

export interface Weights {
  /** A parameter that is used whole. Asking twice gives the same value. */
  dense(spec: ParameterSpec): Value;
  /** Rows of a parameter by index: [...ids.shape, width]. */
  rows(spec: ParameterSpec, ids: Value): Value;
  readonly specs: readonly ParameterSpec[];
  readonly denseValues: readonly Value[];
  readonly picked: readonly Picked[];
}

export const declareWeights = (g: Graph): Weights => {
  const specs: ParameterSpec[] = [];
  const values = new Map<string, Value>();
  const denseValues: Value[] = [];
  const picked: Picked[] = [];
  const declare = (spec: ParameterSpec): Value => {
    const known = values.get(spec.name);
    if (known !== undefined) return known;
    const value = g.input(spec.name, spec.shape);
    values.set(spec.name, value);
    specs.push(spec);
    return value;
  };
  return {
    specs, denseValues, picked,
    dense: (spec) => {
      const value = declare(spec);
      if (!denseValues.includes(value)) denseValues.push(value);
      return value;
    },
    rows: (spec, ids) => {
      const rows = g.gather(declare(spec), ids);
      picked.push({ table: spec.name, ids, rows });
      return rows;
    },
  };
};
