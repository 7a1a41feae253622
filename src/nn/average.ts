/**
 * An exponential moving average of the weights (Polyak, Juditsky 1992), by which models are validated and served. It starts from the
 * first weights without leaning on them: after t steps it keeps min(decay, (1 + t) / (10 + t)) of itself.
 *
 * Rows of a sparse table catch up when they are next touched or read: as long as a row stands still, what the average keeps of its
 * distance to it is one product.
 */
import type { Arena, Parameter } from './arena.ts';

export interface Average {
  /** Laid out as `arena.values`; those, while swapped in. Rows of sparse tables may be behind until `swap`. */
  readonly values: Float32Array;
  /** The step up to which each row of each sparse table has caught up, in the order of the arena. */
  readonly rowSteps: Int32Array;
  /** To be called after the gradients of a step are there and before the optimiser moves: the touched rows catch up with where they stood. */
  before(): void;
  /** To be called after the optimiser moved. */
  after(): void;
  /** Exchanges the average and the weights, in place; twice is as if never. */
  swap(): void;
  /** Goes on from a checkpoint, whose arrays are to be copied into `values` and `rowSteps`. */
  resume(steps: number): void;
}

interface Table { readonly parameter: Parameter; readonly width: number; readonly rowSteps: Int32Array }

/** log of the share that is kept from step 0 through each step: a difference tells what is kept between two. */
const createKept = (decay: number): { at(step: number): number; between(from: number, to: number): number } => {
  const at = (step: number): number => Math.min(decay, (1 + step) / (10 + step));
  let logs = new Float64Array(1024);
  let known = 0;
  const log = (step: number): number => {
    if (step >= logs.length) {
      const more = new Float64Array(Math.max(logs.length * 2, step + 1));
      more.set(logs);
      logs = more;
    }
    for (; known < step; known++) logs[known + 1] = (logs[known] ?? 0) + Math.log(at(known + 1));
    return logs[step] ?? 0;
  };
  return { at, between: (from, to) => Math.exp(log(to) - log(from)) };
};

/** average = value + keep · (average - value) */
const approach = (stores: { readonly average: Float32Array; readonly values: Float32Array }, span: { readonly from: number; readonly to: number }, keep: number): void => {
  const { average, values } = stores;
  for (let i = span.from; i < span.to; i++) {
    const value = values[i] ?? 0;
    average[i] = value + keep * ((average[i] ?? 0) - value);
  }
};

export const createAverage = (arena: Arena, decay: number): Average => {
  const values = arena.values.slice();
  const stores = { average: values, values: arena.values };
  const kept = createKept(decay);
  const sparse = arena.parameters.filter((parameter) => parameter.sparse);
  const rowSteps = new Int32Array(sparse.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0));
  let rowsBefore = 0;
  const tables = sparse.map((parameter): Table => {
    const rows = parameter.shape[0] ?? 0;
    rowsBefore += rows;
    return { parameter, width: parameter.value.length / rows, rowSteps: rowSteps.subarray(rowsBefore - rows, rowsBefore) };
  });
  let steps = 0;
  /** Brings a row to `step`, given that its value has stood still since it last caught up. */
  const catchUp = ({ parameter, width, rowSteps: own }: Table, row: number, step: number): void => {
    const behind = own[row] ?? 0;
    if (behind === step) return;
    const from = parameter.offset + row * width;
    approach(stores, { from, to: from + width }, kept.between(behind, step));
    own[row] = step;
  };
  const touched = (): void => {
    for (const table of tables) for (const row of table.parameter.touched().rows) catchUp(table, row, steps);
  };
  return {
    values, rowSteps,
    before: touched,
    after: () => {
      steps++;
      approach(stores, { from: 0, to: arena.gradients.length }, kept.at(steps));
      touched();
    },
    swap: () => {
      for (const table of tables) for (let row = 0; row < table.rowSteps.length; row++) catchUp(table, row, steps);
      for (let i = 0; i < values.length; i++) {
        const value = arena.values[i] ?? 0;
        arena.values[i] = values[i] ?? 0;
        values[i] = value;
      }
    },
    resume: (after) => { steps = after; },
  };
};
