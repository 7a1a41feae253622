/**
 * Writes ONNX models (https://onnx.ai, IR version 8, operator set 17) as protobuf bytes. Field numbers are those of onnx.proto3; only the
 * fields this runtime needs are here, which is less than a protobuf library would bring.
 */
export type ElementType = 'float32' | 'int32' | 'int64' | 'bool';
export type AttributeValue = { readonly float: number } | { readonly int: number } | { readonly ints: readonly number[] };
export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Whose operator it is where it is not one of ONNX itself. */
  readonly domain?: typeof MICROSOFT;
}
export interface OnnxTensor { readonly name: string; readonly type: ElementType; readonly shape: readonly number[]; readonly data: Uint8Array }
export interface OnnxPort { readonly name: string; readonly type: ElementType; readonly shape: readonly number[] }
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly initialisers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
}

/** Operators of ONNX Runtime's own. */
export const MICROSOFT = 'com.microsoft';
const IR_VERSION = 8;
const OPSET = 17;
/** TensorProto.DataType. */
export const TYPES: Readonly<Record<ElementType, number>> = { float32: 1, int32: 6, int64: 7, bool: 9 };
/** AttributeProto.type of a float, an integer, a list of integers. */
const FLOAT = 1, INT = 2, INTS = 7;

type Chunk = Uint8Array;

const join = (chunks: readonly Chunk[]): Chunk => {
  const out = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) { out.set(chunk, at); at += chunk.length; }
  return out;
};
const varint = (value: number): Chunk => {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 127n) { bytes.push(Number(rest & 127n) | 128); rest >>= 7n; }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
};
const integer = (field: number, value: number): Chunk => join([varint(field << 3), varint(value)]);
const bytes = (field: number, value: Chunk): Chunk => join([varint((field << 3) | 2), varint(value.length), value]);
const encoder = new TextEncoder();
const text = (field: number, value: string): Chunk => bytes(field, encoder.encode(value));
const float = (field: number, value: number): Chunk => join([varint((field << 3) | 5), new Uint8Array(Float32Array.of(value).buffer)]);
const message = (field: number, parts: readonly Chunk[]): Chunk => bytes(field, join(parts));

const attribute = (name: string, value: AttributeValue): Chunk => {
  if ('float' in value) return message(5, [text(1, name), float(2, value.float), integer(20, FLOAT)]);
  if ('int' in value) return message(5, [text(1, name), integer(3, value.int), integer(20, INT)]);
  return message(5, [text(1, name), ...value.ints.map((each) => integer(8, each)), integer(20, INTS)]);
};
const node = ({ op, inputs, outputs, attributes = {}, domain }: OnnxNode): Chunk => message(1, [
  ...inputs.map((name) => text(1, name)),
  ...outputs.map((name) => text(2, name)),
  text(4, op),
  ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  ...(domain === undefined ? [] : [text(7, domain)]),
]);
const tensor = ({ name, type, shape, data }: OnnxTensor): Chunk =>
  message(5, [...shape.map((size) => integer(1, size)), integer(2, TYPES[type]), text(8, name), bytes(9, data)]);
const port = (field: number, { name, type, shape }: OnnxPort): Chunk => {
  const dimensions = message(2, shape.map((size) => message(1, [integer(1, size)])));
  return message(field, [text(1, name), message(2, [message(1, [integer(1, TYPES[type]), dimensions])])]);
};

/** @returns the bytes of a ModelProto */
export const encodeOnnx = (graph: OnnxGraph): Uint8Array => join([
  integer(1, IR_VERSION),
  text(2, 'throughline'),
  message(7, [
    ...graph.nodes.map(node),
    text(2, 'graph'),
    ...graph.initialisers.map(tensor),
    ...graph.inputs.map((each) => port(11, each)),
    ...graph.outputs.map((each) => port(12, each)),
  ]),
  message(8, [text(1, ''), integer(2, OPSET)]),
  message(8, [text(1, MICROSOFT), integer(2, 1)]),
]);
