/** A dense layer over many rows: out = act(x · w + b). Layers in a row make a multilayer perceptron. */
import type { Region } from './arena.ts';
import { ACTIVATIONS, gemm, type Activation } from './plain.ts';
import { dimension, fits, pack, panelsOf, present, regionsOf, within, type Runtime } from './runtime.ts';

export interface LayerShape {
  readonly inputs: number;
  readonly outputs: number;
  /** 'none' unless said. */
  readonly activation?: Activation;
  /** Rows a call may ask for. */
  readonly most: number;
  /** Where the input stands: the output of the layer before, of the same `most`. A region of its own unless said. */
  readonly input?: Region;
}

export interface Layer {
  /** [most, inputs] */
  readonly input: Region;
  /** [most, outputs] */
  readonly output: Region;
  /** Weights [inputs, outputs], bias [outputs]. Before the first call, and again whenever they change. */
  load(weights: Float32Array, bias: Float32Array): void;
  run(n: number): void;
  release(): void;
}

/** Throws for a shape that is none, or an input that does not fit it. */
export const createLayer = (runtime: Runtime, name: string, shape: LayerShape): Layer => {
  const inputs = dimension(shape.inputs, `the inputs of the layer "${name}"`);
  const outputs = dimension(shape.outputs, `the outputs of the layer "${name}"`);
  const most = dimension(shape.most, `the "most" of the layer "${name}"`, 0);
  const activation = shape.activation ?? 'none';
  if (shape.input !== undefined) fits(shape.input.floats, most * inputs, `the input of the layer "${name}"`);
  const regions = regionsOf(runtime, name);
  const panels = regions.make('weights', panelsOf(outputs) * inputs * 8);
  const biases = regions.make('bias', panelsOf(outputs) * 8);
  const input = shape.input ?? regions.make('input', most * inputs);
  const output = regions.make('output', most * outputs);
  const sums = regions.make('sums', 32);
  const dense = { panels: panels.floats, height: inputs, bias: biases.floats, columns: outputs };
  const { native } = runtime;
  const kind = ACTIVATIONS.indexOf(activation);
  let loaded = false;
  return {
    input, output,
    load: (weights, bias) => {
      fits(weights, inputs * outputs, `the weights of the layer "${name}"`);
      fits(bias, outputs, `the bias of the layer "${name}"`);
      pack(weights, outputs, { panels: panels.floats, height: inputs });
      biases.floats.set(bias);
      loaded = true;
    },
    run: (n) => {
      within(name, n, most);
      present(loaded, `the layer "${name}" has no weights yet: load them first`);
      if (native === undefined) gemm({ x: input.floats, dense, activation, n }, output.floats);
      else native.gemm(input.address, inputs, panels.address, biases.address, output.address, outputs, n, kind, sums.address);
    },
    release: regions.release,
  };
};
