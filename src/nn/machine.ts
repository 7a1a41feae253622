/** What the bits of a training run depend on besides its recipe, seed and data: kept beside its checkpoints, and on a model's card. */
import { cpus } from 'node:os';
import { env } from 'onnxruntime-node';
import type { MachineFacts } from './checkpoint.ts';

/** @param tokens most events of a micro-batch */
export const machineFacts = (tokens: number): MachineFacts =>
  ({ processor: cpus()[0]?.model ?? 'unknown', runtime: `ONNX Runtime ${env.versions.node ?? env.versions.common}`, tokens });
