/** Experiments as log payloads. Layout 1: the layout, then UTF-8 JSON of the key and the experiment, or null for one that was deleted. */
import type { MemberId } from '../core/ids.ts';
import type { LogRecord, Redaction, StoredRecord } from '../log/port.ts';
import type { Experiment } from './experiment.ts';

const LAYOUT = 1;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export interface ExperimentChange { readonly key: string; readonly experiment: Experiment | null }

export const encodeExperiment = ({ key, experiment }: ExperimentChange): Uint8Array => {
  const body = encoder.encode(JSON.stringify({ key, experiment }));
  const payload = new Uint8Array(1 + body.length);
  payload[0] = LAYOUT;
  payload.set(body, 1);
  return payload;
};

/** @throws RangeError for a newer layout */
export const decodeExperiment = (payload: Uint8Array): ExperimentChange => {
  if (payload[0] !== LAYOUT) throw new RangeError(`experiment layout ${payload[0] ?? 'none'} is newer than this version reads (${LAYOUT})`);
  return JSON.parse(decoder.decode(payload.subarray(1))) as ExperimentChange;
};

export const experimentRecord = (change: ExperimentChange, stamp: { readonly now: LogRecord['at']; readonly recordId: string }): LogRecord =>
  ({ type: 'experiment', id: stamp.recordId, at: stamp.now, deduplicate: 'never', payload: encodeExperiment(change) });

/** The experiment without the member; the same object where it does not name them. */
export const withoutMember = (experiment: Experiment, member: string): Experiment => {
  const { overrides, ...rest } = experiment;
  if (overrides === undefined || !Object.hasOwn(overrides, member)) return experiment;
  const left = Object.entries(overrides).filter(([each]) => each !== member);
  return left.length === 0 ? rest : { ...rest, overrides: Object.fromEntries(left) };
};

/** What is left of the record when a member is erased. */
export const redactExperiment = (record: StoredRecord, member: MemberId): Redaction => {
  const { key, experiment } = decodeExperiment(record.payload);
  if (experiment === null) return 'keep';
  const left = withoutMember(experiment, member);
  return left === experiment ? 'keep' : { payload: encodeExperiment({ key, experiment: left }) };
};
