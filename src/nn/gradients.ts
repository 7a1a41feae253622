/** Reverse-mode differentiation: walks the graph back from one number and adds up what each value contributed. */
import { ThroughlineError } from '../core/errors.ts';
import type { Graph, Node, Value } from './graph.ts';
import { OPERATORS } from './ops/index.ts';

/** Nodes that `from` depends on, each after its inputs. */
export const inOrder = (from: readonly Value[]): readonly Node[] => {
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
    for (const { node } of top.node.inputs) if (node !== undefined && !done.has(node)) stack.push({ node, ready: false });
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

/**
 * Gradients of the scalar `loss` with respect to each of `values`, inputs or intermediate (the rows a gather picked, say).
 * @throws ThroughlineError client/invalidGraph where the loss is no scalar or does not depend on one of them
 */
export const gradients = (g: Graph, loss: Value, values: readonly Value[]): readonly Value[] => {
  if (loss.shape.some((each) => each !== 1)) throw new ThroughlineError('client/invalidGraph', `A gradient needs one number to start from; ${loss.name} has the shape [${loss.shape.join(', ')}].`);
  const order = inOrder([loss]);
  const targets = new Set(values);
  const leads = leadingTo(order, targets);
  const adjoint = new Map<Value, Value>([[loss, g.constant(Float32Array.of(1), loss.shape)]]);
  for (const node of order.toReversed()) {
    const [out] = node.outputs;
    const dOut = out === undefined ? undefined : adjoint.get(out);
    const { gradient } = OPERATORS[node.op];
    if (dOut === undefined || gradient === undefined || !leads.has(node)) continue;
    gradient(g, node, dOut).forEach((contribution, index) => {
      const input = node.inputs[index];
      if (input === undefined || contribution === undefined) return;
      if (!targets.has(input) && (input.node === undefined || !leads.has(input.node))) return;
      const before = adjoint.get(input);
      adjoint.set(input, before === undefined ? contribution : g.add(before, contribution));
    });
  }
  return values.map((value) => {
    const found = adjoint.get(value);
    if (found === undefined) throw new ThroughlineError('client/invalidGraph', `${loss.name} does not depend on ${value.name}, so it has no gradient there.`);
    return found;
  });
};
