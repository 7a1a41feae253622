/** The public door for plug-in authors: first-pass rankers in their two forms, cohorts, the reasons they may give, and the pools they join. */
import type { KindRow } from './catalog/kinds.ts';
import type { ActionKind } from './core/registry.ts';
import type { CohortPlugin } from './discovery/plugin.ts';
import type { FirstPassRanker, PluginRanker } from './rankers/ranker.ts';

export type { EntityRef } from './core/ids.ts';
export { SIGNAL_FAMILIES, SURFACES, type ActionKind, type SignalFamily, type Surface } from './core/registry.ts';
export type { KindRow } from './catalog/kinds.ts';
export type { Cohort, CohortResult, CohortWords } from './discovery/cohort.ts';
export { checkPlugin, pluginCohort, type CohortAnswer, type CohortPlugin } from './discovery/plugin.ts';
export { COHORTS } from './discovery/pool/index.ts';
export { TEMPLATES, type CardTemplate, type TemplateName } from './discovery/templates.ts';
export type { Message } from './words/words.ts';
export { because, MAX_ACTORS, type RankedList, type Why } from './rankers/ranked-list.ts';
export { pluginRanker, type FirstPassRanker, type PluginCandidate, type PluginRanker, type PluginRequest, type RankRequest } from './rankers/ranker.ts';
export type { Views } from './rankers/views.ts';
export { POOL } from './rankers/pool/index.ts';
export { REASON_CODES, REASONS, type ReasonCode } from './rankers/reasons.ts';

/** What a plug-in module exports as its default. */
export interface Plugin {
  readonly rankers?: readonly (FirstPassRanker | PluginRanker)[];
  readonly cohorts?: readonly CohortPlugin[];
  readonly actions?: readonly ActionKind[];
  readonly kinds?: readonly KindRow[];
}
