/** Models as a page shows them: a run that goes on beside two versions, numbers made up. */
import type { JourneyModel, JourneyReading, JourneyRun, ModelsView } from '../../src/client/types.ts';

export const curveOf = (epochs: number): JourneyRun['curve'] =>
  Array.from({ length: epochs }, (_, i) => ({ epoch: i + 1, loss: 6.4 * 0.86 ** i + 2.1, metric: 0.08 + 0.12 * (1 - 0.7 ** i) - (i > 8 ? 0.002 * (i - 8) : 0) }));

export const runOf = (more: Partial<JourneyRun> = {}): JourneyRun => ({
  state: 'training', phase: 'choosing', process: 4711, epoch: 12, epochs: 24, batch: 80, batches: 180, parameters: 412_416, loss: 3.1421, learningRate: 0.00142, targetsPerSecond: 18_250,
  elapsedMs: 754_000, leftMs: 901_000, best: { epoch: 10, metric: 0.1932 }, curve: curveOf(11), updatedAt: '2026-11-21T11:00:00.000Z', ...more,
});

const version = (name: string, more: Partial<JourneyModel> = {}): JourneyModel => ({
  version: name, serves: false, createdAt: '2026-11-20T09:30:00.000Z', chosen: 'epoch 9 of 24, by 1204 members\' next items; then a few more through everything', protocol: 'by time: the last tenth of the events chooses',
  figures: { 'ndcg@10': 0.1931, 'hr@10': 0.3312 }, curve: curveOf(13), members: 1204, events: 48_210, items: 3140, parameters: 412_416, bytes: 1_792_000,
  sizes: { width: 64, blocks: 2, heads: 2, window: 100, dropout: 0.3, temperature: 0.07 }, seed: 7, seconds: 904, commit: 'f5f09c5',
  dataHash: '9c1f0b7ad0f24c6b8f2be7b8a0d3b7e6a4f0f4a0c29c1f0b7ad0f24c6b8f2be7', machine: { processor: 'A processor of 2 cores', cores: 2, node: 'v20.19.0' }, ...more,
});

export const modelsOf = (run: JourneyRun | null = runOf()): ModelsView => ({
  journey: { serving: 'journey-20261120T093000-a1b2c3', run, versions: [version('journey-20261120T093000-a1b2c3', { serves: true }), version('journey-20261118T080000-d4e5f6', { createdAt: '2026-11-18T08:00:00.000Z', dataHash: null, machine: null })] },
  secondPass: { serving: 'm-20261120', values: { version: 'values-1', actions: { interact: 1, hide: -1 } }, versions: [{ version: 'm-20261120', serves: true, createdAt: '2026-11-20T09:45:00.000Z', examples: 61_204, figures: { 'ndcg@10': 0.4121, ece: 0.0113 }, gate: 'better than the one before by 0.0041', commit: 'f5f09c5' }] },
  faults: [],
});

export const readingOf = (more: Partial<JourneyReading> = {}): JourneyReading => ({
  member: 'member:42', model: 'journey-20261120T093000-a1b2c3', basis: 'events',
  events: Array.from({ length: 12 }, (_, i) => ({ at: `2026-11-20T10:${String(10 + i)}:00.000Z`, surface: i % 3 === 0 ? 'jobs' : 'feed', action: i % 4 === 0 ? 'save' : 'click', item: `article:${i}`, title: `What a grid operator learned in year ${i + 1} of storage`, dwell: i % 2 === 0 ? '5 s to 8 s' : null, weight: i < 2 ? null : (i - 1) / 55 })),
  next: { items: [{ item: 'article:90', title: 'Hydrogen, honestly', fit: 0.61 }, { item: 'job:4', title: 'Data engineer, storage', fit: 0.5 }], kinds: [{ name: 'article', share: 0.71 }, { name: 'job', share: 0.29 }], topics: [{ name: 'Energy', share: 0.55 }, { name: 'Hiring', share: 0.031 }] },
  changes: [{ after: 'article:10', at: '2026-11-20T10:20:00.000Z', topics: [{ name: 'Hiring', share: 0.4 }] }, { after: 'article:11', at: '2026-11-20T10:21:00.000Z', topics: [{ name: 'Energy', share: 0.55 }] }], ...more,
});
