/** A cohort: recommendations of one kind, and words about why they interest this viewer. A new one is a file in the pool, or a plug-in. */
import type { SignalFamily } from '../core/registry.ts';
import type { RankedList } from '../rankers/ranked-list.ts';
import type { RankRequest } from '../rankers/ranker.ts';
import type { Message } from '../words/words.ts';
import type { TemplateName } from './templates.ts';

export interface CohortWords {
  /** Heading. It may name `{subject}`. */
  readonly title: Message;
  /** One sentence below it. */
  readonly reason?: Message;
}

export interface Cohort<Raw = unknown> {
  readonly name: string;
  /** One line for the printed workflow. */
  readonly about: string;
  /** What it recommends: entities of this kind and no other. */
  readonly kind: string;
  /** Every one of these must be allowed by the viewer, or the cohort is not asked. */
  readonly signals: readonly SignalFamily[];
  /** Recommendations behind "See all", at most. */
  readonly limit: number;
  readonly timeoutMs?: number;
  /** How long what was fetched for a viewer may be used again, in milliseconds; absent: never. */
  readonly cacheMs?: number;
  readonly words: CohortWords;
  /** How its cards look, and the action that their button does. */
  readonly card: { readonly template: TemplateName; readonly action: string };
  /** Absent: for everybody. */
  eligible?(request: RankRequest): boolean;
  /** Asks whoever knows: may do I/O. */
  fetch(request: RankRequest): Raw | Promise<Raw>;
  /** Pure: what was fetched, as the one result that everything after it reads. @throws plugin/invalidAnswer */
  transform(raw: Raw, request: RankRequest, into: CohortResult): void;
}

/** What every cohort comes to. */
export interface CohortResult {
  /** What its words speak of, as the viewer reads it; undefined: they speak of nothing. */
  subject: string | undefined;
  readonly list: RankedList;
}
