/** The public door for plug-in authors: the two forms of a first-pass ranker, the reasons it may give, and the pool it joins. */
export type { EntityRef } from './core/ids.ts';
export { SIGNAL_FAMILIES, SURFACES, type ActionKind, type SignalFamily, type Surface } from './core/registry.ts';
export type { KindRow } from './catalog/kinds.ts';
export type { Plugin } from './rankers/plugin.ts';
export { because, MAX_ACTORS, type RankedList, type Why } from './rankers/ranked-list.ts';
export { pluginRanker, type FirstPassRanker, type PluginCandidate, type PluginRanker, type PluginRequest, type RankRequest } from './rankers/ranker.ts';
export type { Views } from './rankers/views.ts';
export { POOL } from './rankers/pool/index.ts';
export { REASON_CODES, REASONS, type ReasonCode } from './rankers/reasons.ts';
