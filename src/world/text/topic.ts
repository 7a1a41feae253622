/** What a topic of the demo world is made of; all its text is written for it. */
export interface Topic {
  readonly name: string;
  /** What is known about it beside tools: see `skillsOf`. */
  readonly skills: readonly string[];
  /** Noun phrases that fit both as subject of a headline and after "of": no article, no verb that must agree. */
  readonly things: readonly string[];
  /** Whole sentences a news summary can open with. */
  readonly findings: readonly string[];
  /** What a practitioner would say about it in a post. */
  readonly remarks: readonly string[];
}

/** An industry: the topics its people share, and so the seed of a community. */
export interface Field { readonly industry: string; readonly topics: readonly [Topic, Topic, Topic] }
