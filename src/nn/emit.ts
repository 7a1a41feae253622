/** From a graph to ONNX: the nodes that the outputs need, the constants, and which inputs stay inputs. */
import { ThroughlineError } from '../core/errors.ts';
import { inOrder } from './gradients.ts';
import type { Node, Value } from './graph.ts';
import { encodeOnnx, type OnnxNode, type OnnxTensor } from './onnx.ts';
import { OPERATORS } from './ops/index.ts';

export interface Emitted {
  readonly model: Uint8Array;
  /** What has to be fed, in no particular order. */
  readonly inputs: readonly Value[];
}

const raw = (data: Float32Array | Int32Array | BigInt64Array): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

const readsOf = (node: Node): readonly Value[] => OPERATORS[node.op].reads?.(node) ?? node.inputs;

/**
 * @param outputs name in the model → value
 * @param frozen contents of inputs that become part of the model (a serving graph's weights), by name
 */
export const emit = (outputs: Readonly<Record<string, Value>>, frozen: (name: string) => Float32Array | undefined = () => undefined): Emitted => {
  const wanted = Object.entries(outputs);
  const order = inOrder(wanted.map(([, value]) => value), readsOf);
  const read = new Set([...order.flatMap(readsOf), ...wanted.map(([, value]) => value)]);
  const nodes: OnnxNode[] = [];
  const initialisers = new Map<string, OnnxTensor>();
  let count = 0;
  const once = (name: string, tensor: Omit<OnnxTensor, 'name'>): string => {
    if (!initialisers.has(name)) initialisers.set(name, { name, ...tensor });
    return name;
  };
  const integers = (values: readonly number[]): string =>
    once(`ints_${values.join('_')}`, { type: 'int64', shape: [values.length], data: raw(BigInt64Array.from(values.map(BigInt))) });
  const scalar = (value: number): string => once(`float_${String(value)}`, { type: 'float32', shape: [], data: raw(Float32Array.of(value)) });
  const inputs = new Map<string, Value>();
  const leaf = (value: Value): void => {
    const data = value.data ?? frozen(value.name);
    if (data !== undefined) once(value.name, { type: value.type, shape: value.shape, data: raw(data) });
    else if (inputs.has(value.name) && inputs.get(value.name) !== value) throw new ThroughlineError('client/invalidGraph', `Two inputs are called ${value.name}.`);
    else inputs.set(value.name, value);
  };
  for (const node of order) {
    for (const input of readsOf(node)) if (input.node === undefined) leaf(input);
    nodes.push(...OPERATORS[node.op].emit({ node, integers, scalar, isRead: (output) => read.has(output), temporary: () => `temporary${String(count++)}` }));
  }
  for (const [name, value] of wanted) {
    if (value.node === undefined) leaf(value);
    nodes.push({ op: 'Identity', inputs: [value.name], outputs: [name] });
  }
  const ports = [...inputs.values()].map(({ name, type, shape }) => ({ name, type, shape }));
  const model = encodeOnnx({
    nodes, initialisers: [...initialisers.values()], inputs: ports,
    outputs: wanted.map(([name, { shape }]) => ({ name, type: 'float32', shape })),
  });
  return { model, inputs: [...inputs.values()] };
};
