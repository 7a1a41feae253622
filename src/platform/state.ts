/** All projections over one shared space: what the writer applies to and what every reader reads. */
import { openCatalog, type Catalog } from '../catalog/catalog.ts';
import { STATED_ATTRIBUTES } from '../catalog/stated.ts';
import type { Assigned, Subject } from '../core/context.ts';
import type { MemberId } from '../core/ids.ts';
import { openRelevance, type RelevanceSlot } from '../discovery/second-pass.ts';
import type { Setting } from '../experiments/experiment.ts';
import { openExperiments, type Experiments } from '../experiments/experiments.ts';
import { openCampaigns, type Campaigns } from '../feed/objectives/campaigns.ts';
import { openModelSlot, type ModelSlot } from '../feed/second-pass.ts';
import { openJourney } from '../journey/journey.ts';
import type { Taste } from '../journey/taste.ts';
import type { LogBlock } from '../log/port.ts';
import type { Space } from '../memory/space.ts';
import { openContent, type Content } from '../models/sequences/content.ts';
import type { Views } from '../rankers/views.ts';
import { openPages, type Pages } from './pages.ts';
import { parametersOf, type ConfiguredDefaults } from './parameters.ts';

export interface State extends Views {
  readonly space: Space;
  readonly model: ModelSlot;
  readonly pages: Pages;
  readonly campaigns: Campaigns;
  readonly experiments: Experiments;
  /** The order of cohorts, learned. */
  readonly relevance: RelevanceSlot;
  /** What experiments give a member in one request. @param viewer their dense number */
  readonly assigned: (member: string, viewer: number) => Assigned;
  /** What items are about, for models that must know an item before anybody touched it. */
  readonly content: Content;
  /** In a memory of its own, from the moment a journey model serves. */
  taste: Taste | undefined;
  /** Log sequences below this are applied. */
  horizon(): number;
  apply(block: LogBlock): void;
  forget(member: MemberId): void;
}

/** What experiments are checked against. */
export const settingOf = (defaults: ConfiguredDefaults): Setting => ({ parameters: parametersOf(defaults), attributes: STATED_ATTRIBUTES });

/** A member as conditions see them: without what they do not allow to be used. */
export const subjectOf = (catalog: Catalog, member: string, viewer: number): Subject =>
  ({ member, attributes: () => (catalog.allowed(viewer).profile ? catalog.statedBy(viewer) : {}) });

export const openState = (space: Space, defaults: ConfiguredDefaults = {}): State => {
  const catalog = openCatalog(space);
  const journey = openJourney(space, catalog);
  const content = openContent(space, catalog);
  const model = openModelSlot(space);
  const pages = openPages(space);
  const campaigns = openCampaigns(space, catalog);
  const relevance = openRelevance(space);
  const experiments = openExperiments(space, settingOf(defaults));
  let applied = new Float64Array();
  space.bind('applied', 8, (buffer) => { applied = new Float64Array(buffer as unknown as ArrayBuffer); });
  return {
    space, catalog, journey, content, model, pages, campaigns, experiments, relevance, taste: undefined,
    assigned: (member, viewer) => experiments.assign(subjectOf(catalog, member, viewer)),
    horizon: () => applied[0] ?? 0,
    apply: (block) => {
      for (const record of block.records) {
        content.apply(record);
        catalog.apply(record);
        journey.apply(record);
        pages.apply(record);
        campaigns.apply(record);
        experiments.apply(record);
      }
      catalog.settle();
      experiments.settle();
      const last = block.records[block.records.length - 1];
      if (last !== undefined) applied[0] = last.sequence + 1;
    },
    forget: (member) => { journey.forget(member); content.forget(member); campaigns.forget(member); experiments.forget(member); catalog.forgetMember(member); },
  };
};
