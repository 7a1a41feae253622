/** Experiments in and out: checked beside those that run, written to the log, read back from the projection. */
import { ThroughlineError } from '../core/errors.ts';
import { assertRoomBeside, MOST_EXPERIMENTS, readExperiment, type Setting } from '../experiments/experiment.ts';
import type { StoredExperiment } from '../experiments/experiments.ts';
import { experimentRecord } from '../experiments/records.ts';
import type { ExperimentView, Platform } from './api.ts';
import type { Intake, Stamp } from './intake.ts';
import { subjectOf, type State } from './state.ts';

export type ExperimentMethods = Pick<Platform, 'experiments' | 'getExperiment' | 'putExperiment' | 'deleteExperiment' | 'previewExperiment'>;

const viewOf = ({ experiment, updatedAt, fault }: StoredExperiment): ExperimentView =>
  ({ ...experiment, updatedAt: new Date(updatedAt).toISOString(), ...(fault === undefined ? {} : { fault }) });

export const createExperimentMethods = (parts: { readonly state: State; readonly setting: Setting; readonly intake: Intake; readonly stamp: () => Stamp }): ExperimentMethods => {
  const { state, setting, intake, stamp } = parts;
  const { experiments } = state;
  // One after another: each is checked against what those before it left.
  let writing: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = writing.then(work, work);
    writing = next.catch(() => undefined);
    return next;
  };
  const found = (key: string): ExperimentView | undefined => {
    const stored = experiments.get(key);
    return stored === undefined ? undefined : viewOf(stored);
  };
  return {
    experiments: async () => experiments.all().map(viewOf),
    getExperiment: async (key) => found(key),
    putExperiment: async (key, input) => inTurn(async () => {
      const experiment = readExperiment(key, input, setting);
      assertRoomBeside(experiment, experiments.all().map((each) => each.experiment));
      if (experiments.get(key) === undefined && experiments.all().length >= MOST_EXPERIMENTS) throw new ThroughlineError('client/invalidRequest', `there are ${MOST_EXPERIMENTS} experiments, and there is room for no more; delete one that is over`);
      await intake.submit([experimentRecord({ key, experiment }, stamp())]);
      return viewOf(experiments.get(key) ?? { experiment, updatedAt: stamp().now });
    }),
    deleteExperiment: async (key) => inTurn(async () => {
      if (experiments.get(key) === undefined) return false;
      await intake.submit([experimentRecord({ key, experiment: null }, stamp())]);
      return true;
    }),
    previewExperiment: async (key, member) => {
      const viewer = state.catalog.find(`member:${member}`);
      const stored = experiments.get(key);
      if (stored === undefined) throw new ThroughlineError('client/notFound', `there is no experiment "${key}"; GET /v1/experiments lists what there is`);
      if (viewer < 0) throw new ThroughlineError('client/notFound', `there is no member "${member}"; put the member first, with PUT /v1/entities/member/${member}`);
      const { variant, reason, value } = experiments.preview(key, subjectOf(state.catalog, member, viewer)) ?? { variant: undefined, reason: 'DISABLED', value: null };
      return { experiment: key, member: `member:${member}`, parameter: stored.experiment.parameter, variant: variant?.name ?? null, reason, value };
    },
  };
};
