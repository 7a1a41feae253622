/** A training graph compiled: one run adds the gradients of its loss to an arena. */
import type { Arena } from './arena.ts';
import { gradients } from './gradients.ts';
import { createGraph, type Graph, type Value } from './graph.ts';
import { compile, type Feed } from './session.ts';
import { declareWeights, type Weights } from './weights.ts';

export interface Objective {
  readonly loss: Value;
  /** Inputs, or rows picked from inputs, whose gradients the caller wants to have. */
  readonly wanted?: Readonly<Record<string, Value>>;
}
export interface Program {
  bind(name: string, data: Feed): void;
  /** Runs, adds the gradients of the weights to the arena. @returns the loss */
  run(): Promise<number>;
  /** Gradients of what the objective wanted, after a run. */
  readonly wanted: Readonly<Record<string, Float32Array>>;
  close(): Promise<void>;
}

const entry = (record: Readonly<Record<string, Float32Array>>, name: string): Float32Array => record[name] ?? new Float32Array();

/** Weights are bound to `arena` by name, without a copy. */
export const compileProgram = async (build: (g: Graph, weights: Weights) => Objective, arena: Arena): Promise<Program> => {
  const g = createGraph();
  const weights = declareWeights(g);
  const { loss, wanted = {} } = build(g, weights);
  const names = Object.keys(wanted);
  const found = gradients(g, loss, [...weights.denseValues, ...weights.picked.map(({ rows }) => rows), ...Object.values(wanted)]);
  const outputs: Record<string, Value> = { loss };
  const dense = weights.denseValues.map(({ name }) => ({ parameter: arena.parameter(name), output: `d:${name}` }));
  const picked = weights.picked.map(({ table, ids }, index) => ({ parameter: arena.parameter(table), ids, output: `r:${String(index)}` }));
  [...dense.map(({ output }) => output), ...picked.map(({ output }) => output), ...names.map((name) => `w:${name}`)].forEach((name, index) => {
    const value = found[index];
    if (value !== undefined) outputs[name] = value;
  });
  const session = await compile(outputs);
  const bound = new Map<string, Feed>();
  const bind = (name: string, data: Feed): void => {
    session.bind(name, data);
    bound.set(name, data);
  };
  for (const { name } of weights.specs) bind(name, arena.parameter(name).value);
  const idsOf = (ids: Value): Int32Array => {
    const data = ids.data ?? bound.get(ids.name);
    return data instanceof Int32Array ? data : new Int32Array();
  };
  return {
    bind,
    wanted: Object.fromEntries(names.map((name) => [name, entry(session.outputs, `w:${name}`)])),
    run: async () => {
      await session.run();
      for (const { parameter, output } of dense) parameter.add(entry(session.outputs, output));
      for (const { parameter, ids, output } of picked) parameter.addRows(idsOf(ids), entry(session.outputs, output));
      return entry(session.outputs, 'loss')[0] ?? Number.NaN;
    },
    close: async () => session.close(),
  };
};
