/** Runs an emitted graph in ONNX Runtime, on one thread: with two, they wait for each other wherever the other core is busy. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { ThroughlineError } from '../core/errors.ts';
import { emit } from './emit.ts';
import type { Value } from './graph.ts';
import { size } from './ops/shapes.ts';

export type Feed = Float32Array | Int32Array;

export interface Session<Output extends string = string> {
  readonly inputs: readonly Value[];
  /** Filled by each run, overwritten by the next. */
  readonly outputs: Readonly<Record<Output, Float32Array>>;
  /** Points an input at memory that is read anew by every run. @throws ThroughlineError client/invalidGraph for a name or length that does not fit */
  bind(name: string, data: Feed): void;
  /** Blocks its thread for as long as it computes. */
  run(): Promise<void>;
  close(): Promise<void>;
}

const open = async (model: Uint8Array): Promise<InferenceSession> =>
  InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'basic', logSeverityLevel: 3 });

const checked = (value: Value, data: Feed): void => {
  if (data.length !== size(value.shape)) {
    throw new ThroughlineError('client/invalidGraph', `${value.name} has the shape [${value.shape.join(', ')}], which ${String(data.length)} numbers do not fill.`);
  }
};

/** Shared memory is refused by the runtime's tensors, so whoever binds a SharedArrayBuffer must copy first. */
const tensorOf = (value: Value, data: Feed): Tensor => {
  checked(value, data);
  return data instanceof Float32Array ? new Tensor('float32', data, value.shape) : new Tensor('int32', data, value.shape);
};

/**
 * @param outputs name → value to compute
 * @param frozen contents of inputs that never change, by name; they become part of the session
 */
export const compile = async <Output extends string>(
  outputs: Readonly<Record<Output, Value>>, frozen?: (name: string) => Float32Array | undefined,
): Promise<Session<Output>> => {
  const { model, inputs } = emit(outputs, frozen);
  const session = await open(model);
  const byName = new Map(inputs.map((value) => [value.name, value]));
  const feeds: Record<string, Tensor> = {};
  const buffers: Record<string, Float32Array> = {};
  const fetches: Record<string, Tensor> = {};
  for (const [name, value] of Object.entries<Value>(outputs)) {
    const buffer = new Float32Array(size(value.shape));
    buffers[name] = buffer;
    fetches[name] = new Tensor('float32', buffer, value.shape);
  }
  return {
    inputs, outputs: buffers as Record<Output, Float32Array>,
    bind: (name, data) => {
      const value = byName.get(name);
      if (value === undefined) throw new ThroughlineError('client/invalidGraph', `The graph has no input ${name}; it has ${[...byName.keys()].join(', ')}.`);
      feeds[name] = tensorOf(value, data);
    },
    run: async () => {
      const missing = inputs.find(({ name }) => feeds[name] === undefined);
      if (missing !== undefined) throw new ThroughlineError('client/invalidGraph', `Nothing is bound to the input ${missing.name}.`);
      await session.run(feeds, fetches);
    },
    close: async () => session.release(),
  };
};
