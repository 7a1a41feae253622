import type { KindRow } from '../catalog/kinds.ts';
import type { ActionKind } from '../core/registry.ts';
import type { CohortPlugin } from '../discovery/plugin.ts';
import type { FirstPassRanker, PluginRanker } from '../rankers/ranker.ts';

/** What a plug-in module exports as its default. */
export interface Plugin {
  readonly rankers?: readonly (FirstPassRanker | PluginRanker)[];
  readonly cohorts?: readonly CohortPlugin[];
  readonly actions?: readonly ActionKind[];
  readonly kinds?: readonly KindRow[];
}
