/** Reverse-mode differentiation: walks the graph back from one number and adds up what each value contributed. */
import { ThroughlineError } from '../core/errors.ts';
import type { Graph, Node, Value } from './graph.ts';
import { OPERATORS } from './ops/index.ts';
import { numberOf, valueAt } from './ops/shapes.ts';

/** Nodes that `from` depends on, each after what it reads. */
export const inOrder = (from: readonly Value[], reads: (node: Node) => readonly Value[] = ({ inputs }) => inputs): readonly Node[] => {
  const order: Node[] = [];
  const done = new Set<Node>();
  const stack: { readonly node: Node; ready: boolean }[] = from.flatMap(({ node }) => (node === undefined ? [] : [{ node, ready: false }])).toReversed();
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (done.has(top.node)) continue;
    if (top.ready) {
      done.add(top.node);
      order.push(top.node);
      continue;
    }
    stack.push({ node: top.node, ready: true });
    for (const { node } of reads(top.node)) if (node !== undefined && !done.has(node)) stack.push({ node, ready: false });
  }
  return order;
};

/** Nodes of `order` whose outputs depend on one of `targets`: the only ones a gradient has to pass. */
const leadingTo = (order: readonly Node[], targets: ReadonlySet<Value>): ReadonlySet<Node> => {
  const leads = new Set<Node>();
  for (const node of order) {
    if (node.inputs.some((input) => targets.has(input) || (input.node !== undefined && leads.has(input.node)))) leads.add(node);
  }
  return leads;
};

/** What a slice contributed to the whole: numbers between zeros. */
interface Part { readonly inner: Value; readonly axis: number; readonly from: number; readonly to: number }

const partOf = (value: Value): Part | undefined => {
  const inner = value.node?.inputs[0];
  if (value.node?.op !== 'pad' || inner === undefined) return undefined;
  const axis = numberOf(value.node.attributes, 'axis');
  const from = numberOf(value.node.attributes, 'before');
  return { inner, axis, from, to: from + (inner.shape[axis] ?? 0) };
};

/** Between zeros, over a wider range. */
const widened = (g: Graph, { inner, axis, from, to }: Part, [before, after]: readonly [number, number]): Value =>
  (before === from && after === to ? inner : valueAt(g.apply('pad', [inner], { axis, before: from - before, after: after - to }), 0));

const sumOfParts = (g: Graph, parts: readonly Part[]): Part | undefined => {
  const inPlace = parts.toSorted((a, b) => a.from - b.from);
  const [first] = inPlace;
  const end = inPlace.at(-1)?.to;
  if (first === undefined || end === undefined) return undefined;
  const { axis, from } = first;
  if (inPlace.every((part, index) => part.to === (inPlace[index + 1]?.from ?? end))) return { axis, from, to: end, inner: parts.length === 1 ? first.inner : g.concat(inPlace.map(({ inner }) => inner), axis) };
  // The shortest first, so that few zeros are added to numbers.
  return parts.toSorted((a, b) => (a.to - a.from) - (b.to - b.from)).reduce((sum, part) => {
    const range = [Math.min(sum.from, part.from), Math.max(sum.to, part.to)] as const;
    return { axis, from: range[0], to: range[1], inner: g.add(widened(g, sum, range), widened(g, part, range)) };
  });
};

/** The sum of what each reader of a value contributed; slices of one axis are put side by side rather than each between zeros. */
const total = (g: Graph, contributions: readonly Value[]): Value | undefined => {
  const parts = contributions.flatMap((value) => partOf(value) ?? []);
  const isPart = (value: Value): boolean => partOf(value)?.axis === parts[0]?.axis;
  const sum = sumOfParts(g, parts.filter(({ axis }) => axis === parts[0]?.axis));
  const whole = contributions.filter((value) => partOf(value) === undefined || !isPart(value));
  const size = contributions[0]?.shape[sum?.axis ?? 0] ?? 1;
  const [first, ...rest] = sum === undefined ? whole : [widened(g, sum, [0, size]), ...whole];
  return first === undefined ? undefined : rest.reduce((a, b) => g.add(a, b), first);
};

/**
 * Gradients of the scalar `loss` with respect to each of `values`, inputs or intermediate (the rows a gather picked, say).
 * @throws ThroughlineError client/invalidGraph where the loss is no scalar or does not depend on one of them
 */
export const gradients = (g: Graph, loss: Value, values: readonly Value[]): readonly Value[] => {
  if (loss.shape.some((each) => each !== 1)) throw new ThroughlineError('client/invalidGraph', `A gradient needs one number to start from; ${loss.name} has the shape [${loss.shape.join(', ')}].`);
  const order = inOrder([loss]);
  const targets = new Set(values);
  const leads = leadingTo(order, targets);
  const contributions = new Map<Value, Value[]>([[loss, [g.constant(Float32Array.of(1), loss.shape)]]]);
  const totals = new Map<Value, Value>();
  /** Asked for only when every node that reads the value has contributed. */
  const adjointOf = (value: Value): Value | undefined => {
    const found = totals.get(value) ?? total(g, contributions.get(value) ?? []);
    if (found !== undefined) totals.set(value, found);
    return found;
  };
  for (const node of order.toReversed()) {
    const [out] = node.outputs;
    const dOut = out === undefined ? undefined : adjointOf(out);
    const { gradient } = OPERATORS[node.op];
    if (dOut === undefined || gradient === undefined || !leads.has(node)) continue;
    gradient(g, node, dOut).forEach((contribution, index) => {
      const input = node.inputs[index];
      if (input === undefined || contribution === undefined) return;
      if (!targets.has(input) && (input.node === undefined || !leads.has(input.node))) return;
      contributions.set(input, [...contributions.get(input) ?? [], contribution]);
    });
  }
  return values.map((value) => {
    const found = adjointOf(value);
    if (found === undefined) throw new ThroughlineError('client/invalidGraph', `${loss.name} does not depend on ${value.name}, so it has no gradient there.`);
    return found;
  });
};
