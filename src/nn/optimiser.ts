/**
 * Adam (Kingma, Ba 2015) with bias correction and, where decay is not 0, decoupled weight decay (Loshchilov, Hutter 2019). A sparse
 * table moves in its touched rows alone, each with a count of its own steps for the correction.
 *
 * Plain loops over typed arrays in doubles: rounding each product with Math.fround is slower and no more right.
 */
import type { Arena, Parameter } from './arena.ts';

export interface AdamOptions {
  /** Of the running means of the gradient and of its square. */
  readonly betas?: readonly [number, number];
  readonly epsilon?: number;
  /** Share of a weight that a step of rate 1 takes away, on parameters declared with `decay`. */
  readonly decay?: number;
}

export interface Optimiser {
  /** Steps so far. */
  readonly steps: number;
  /** First moments, then second moments, each laid out as `arena.values`. */
  readonly moments: Float32Array;
  /** Steps of each row of each sparse table, in the order of the arena. */
  readonly rowSteps: Int32Array;
  /** Moves the values against their gradients, which are first multiplied by `scale`. */
  step(rate: number, scale?: number): void;
  /** Goes on from a checkpoint, whose arrays are to be copied into `moments` and `rowSteps`. */
  resume(steps: number): void;
}

/** A moment that is smaller has no effect on any weight, and as a denormal number it would make every later step slow. */
const NOTHING = 1e-30;

interface Span { readonly values: Float32Array; readonly first: Float32Array; readonly second: Float32Array; readonly gradients: Float32Array }
/** Of one step: where in the values, where in the gradients, and what is the same for every weight of it. */
interface Move { readonly from: number; readonly length: number; readonly gradientFrom: number; readonly scale: number; readonly step: number; readonly shrink: number; readonly correction: number }
interface Adam { readonly beta1: number; readonly beta2: number; readonly epsilon: number }

const moveSpan = ({ beta1, beta2, epsilon }: Adam, { values, first, second, gradients }: Span, move: Move): void => {
  const { from, length, gradientFrom, scale, step, shrink, correction } = move;
  for (let i = 0; i < length; i++) {
    const at = from + i;
    const gradient = (gradients[gradientFrom + i] ?? 0) * scale;
    let mean = beta1 * (first[at] ?? 0) + (1 - beta1) * gradient;
    let square = beta2 * (second[at] ?? 0) + (1 - beta2) * gradient * gradient;
    if (Math.abs(mean) < NOTHING) mean = 0;
    if (square < NOTHING) square = 0;
    first[at] = mean;
    second[at] = square;
    values[at] = (values[at] ?? 0) * shrink - step * mean / (Math.sqrt(square) * correction + epsilon);
  }
};

export const createAdam = (arena: Arena, options: AdamOptions = {}): Optimiser => {
  const { betas: [beta1, beta2] = [0.9, 0.999], epsilon = 1e-8, decay = 0 } = options;
  const adam: Adam = { beta1, beta2, epsilon };
  const count = arena.values.length;
  const moments = new Float32Array(2 * count);
  const span = { values: arena.values, first: moments.subarray(0, count), second: moments.subarray(count) };
  const tables = arena.parameters.filter(({ sparse }) => sparse);
  const rowSteps = new Int32Array(tables.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0));
  let steps = 0;
  /** What bias correction makes of the rate and of the second moment, after that many steps. */
  const corrected = (rate: number, after: number): { readonly step: number; readonly correction: number } =>
    ({ step: rate / (1 - beta1 ** after), correction: 1 / Math.sqrt(1 - beta2 ** after) });
  const shrinkOf = (parameter: Parameter, rate: number): number => (parameter.decay ? 1 - rate * decay : 1);

  const stepDense = (parameter: Parameter, rate: number, scale: number): void => {
    const { offset: from, value: { length } } = parameter;
    moveSpan(adam, { ...span, gradients: arena.gradients }, { from, length, gradientFrom: from, scale, shrink: shrinkOf(parameter, rate), ...corrected(rate, steps) });
  };
  const stepRows = (parameter: Parameter, own: Int32Array, by: { readonly rate: number; readonly scale: number }): void => {
    const { rows, values: gradients } = parameter.touched();
    const touched = { ...span, gradients };
    const length = parameter.value.length / own.length;
    const shrink = shrinkOf(parameter, by.rate);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] ?? 0;
      const after = (own[row] ?? 0) + 1;
      own[row] = after;
      moveSpan(adam, touched, { from: parameter.offset + row * length, length, gradientFrom: i * length, scale: by.scale, shrink, ...corrected(by.rate, after) });
    }
  };
  return {
    get steps() { return steps; },
    moments, rowSteps,
    step: (rate, scale = 1) => {
      steps++;
      let rowsBefore = 0;
      for (const parameter of arena.parameters) {
        if (!parameter.sparse) { stepDense(parameter, rate, scale); continue; }
        const rows = parameter.shape[0] ?? 0;
        stepRows(parameter, rowSteps.subarray(rowsBefore, rowsBefore + rows), { rate, scale });
        rowsBefore += rows;
      }
    },
    resume: (after) => { steps = after; },
  };
};
