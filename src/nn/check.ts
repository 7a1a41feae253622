/** Compares gradients with finite differences: the test every operator and every model has to pass. */
import { gradients } from './gradients.ts';
import type { Graph, Value } from './graph.ts';
import { compile, type Feed } from './session.ts';

export interface Difference { readonly name: string; readonly worst: number }

/**
 * Central differences of the scalar `loss` at every number of each of `wanted`, against its gradient.
 * @param feeds contents of every input
 * @param step size of the difference; float32 wants about 1e-2
 * @returns per value the largest |difference − gradient| relative to the largest gradient of that value
 */
export const checkGradients = async (
  { g, loss, wanted }: { readonly g: Graph; readonly loss: Value; readonly wanted: readonly Value[] },
  feeds: Readonly<Record<string, Feed>>, step = 1e-2,
): Promise<readonly Difference[]> => {
  const found = gradients(g, loss, wanted);
  const outputs: Record<string, Value> = { loss };
  for (const [index, value] of found.entries()) outputs[`gradient${String(index)}`] = value;
  const session = await compile(outputs);
  for (const { name } of session.inputs) { const feed = feeds[name]; if (feed !== undefined) session.bind(name, feed); }
  await session.run();
  const exact = wanted.map((_, index) => Float32Array.from(session.outputs[`gradient${String(index)}`] ?? []));
  const lossAt = async (): Promise<number> => { await session.run(); return session.outputs['loss']?.[0] ?? Number.NaN; };
  const report: Difference[] = [];
  for (const [index, { name }] of wanted.entries()) {
    const data = feeds[name];
    const gradient = exact[index] ?? new Float32Array();
    if (data === undefined) continue;
    let worst = 0;
    const scale = gradient.reduce((most, each) => Math.max(most, Math.abs(each)), 1e-3);
    for (let at = 0; at < gradient.length; at++) {
      const before = data[at] ?? 0;
      data[at] = before + step;
      const above = await lossAt();
      data[at] = before - step;
      const below = await lossAt();
      data[at] = before;
      worst = Math.max(worst, Math.abs((above - below) / (2 * step) - (gradient[at] ?? 0)) / scale);
    }
    report.push({ name, worst });
  }
  await session.close();
  return report;
};
