/** Models being swapped: what serves from now on is written down first. */
import { ThroughlineError } from '../core/errors.ts';
import type { DiscoveryRules } from '../discovery/rules.ts';
import { isServable, type RelevanceModel } from '../discovery/second-pass.ts';
import type { ServingModel } from '../feed/second-pass.ts';
import { encodePublished, type Published } from '../funnel/published.ts';
import type { Intake, Stamp } from './intake.ts';
import type { State } from './state.ts';

export interface Publishing {
  /** Swaps the second pass of the feed. */
  publish(model: ServingModel): Promise<void>;
  /** Swaps the order of cohorts. @throws server/storeNewer where it was learned from other features; the one before it stays */
  serveRelevance(model: RelevanceModel): Promise<void>;
  /** Versions that rules of experiments name, and that are not in memory; undefined where none is missing or left over. */
  wantedRelevance(): readonly string[] | undefined;
  /** Learned orders that experiments name, beside the one that serves. Those of other features are left out. */
  keepRelevance(models: readonly RelevanceModel[]): void;
}

/** Versions of the order of cohorts that running experiments name. */
const versionsNamed = (experiments: ReturnType<State['experiments']['all']>): readonly string[] => [...new Set(experiments.flatMap(({ experiment: { parameter, status, variants } }) => {
  if (parameter !== 'discoveryRules' || status !== 'running') return [];
  return variants.flatMap(({ value }) => { const { model } = value as Partial<DiscoveryRules>; return model === undefined ? [] : [model]; });
}))].sort();

export const createPublishing = ({ state, intake, stamp }: { readonly state: State; readonly intake: Intake; readonly stamp: () => Stamp }): Publishing => {
  const note = async (published: Published): Promise<void> => {
    const { now, recordId } = stamp();
    await intake.submit([{ type: 'model', id: recordId, at: now, deduplicate: 'never', payload: encodePublished(published) }]);
  };
  /** What was looked for last, found or not: a version that is not there is not looked for twice a second. */
  let kept: readonly string[] = [];
  return {
    publish: async (model) => {
      if (state.model.version === model.version) return;
      await note({ version: model.version, examination: model.examination ?? [] });
      state.model.publish(model);
    },
    serveRelevance: async (model) => {
      if (!isServable(model)) throw new ThroughlineError('server/storeNewer', `the order of cohorts ${model.version} was learned from other features than this version computes; what serves stays. Train again, with "throughline train discovery"`);
      if (state.relevance.current()?.version === model.version) return;
      await note({ version: model.version });
      state.relevance.publish(model);
    },
    wantedRelevance: () => {
      const wanted = versionsNamed(state.experiments.all());
      const isKept = wanted.length === kept.length && wanted.every((version) => kept.includes(version));
      return isKept ? undefined : wanted;
    },
    keepRelevance: (models) => {
      kept = versionsNamed(state.experiments.all());
      state.relevance.keep(models.filter(isServable));
    },
  };
};
