/** A cohort that is a service of its own, in any language: asked over HTTP within bounds, with answers in a form of its own. */
import { z } from 'zod';
import { remoteRanker, remoteSchema, type RemoteOptions } from '../rankers/remote/ranker.ts';
import type { CohortPlugin } from './plugin.ts';
import { TEMPLATE_NAMES, type TemplateName } from './templates.ts';

const message = z.object({ en: z.string().min(1).max(300) }).catchall(z.string().min(1).max(300));

/** How it is described in the configuration: as a remote ranker, with words and a card. */
export const remoteCohortSchema = z.strictObject({
  ...remoteSchema.omit({ kinds: true }).shape,
  reason: remoteSchema.shape.reason.unwrap().default('suggested').describe('Why its items are there, where it does not say so itself'),
  kind: remoteSchema.shape.kinds.element.describe('The entity kind that it recommends'),
  words: z.strictObject({ title: message.describe('Heading, by language'), reason: message.optional().describe('One sentence below it, by language') }),
  template: z.enum(TEMPLATE_NAMES as readonly [TemplateName, ...TemplateName[]]).default('medium').describe('How its cards look'),
  action: z.string().max(32).default('follow').describe('What the button of a card does'),
  cacheMs: z.int().min(1).max(300_000).optional().describe('How long an answer for a member may be used again; absent: it is asked each time'),
});
export type RemoteCohortOptions = z.infer<typeof remoteCohortSchema>;

export const remoteCohort = ({ kind, words, template, action, cacheMs, ...options }: RemoteCohortOptions): CohortPlugin<string> => {
  const { title, reason } = words;
  const remote: RemoteOptions = { ...options, kinds: [kind] };
  const { name, about, signals, limit, timeoutMs, fetch, transform } = remoteRanker(remote);
  return {
    name, about, kind, words: { title, ...(reason === undefined ? {} : { reason }) }, template, action, ...(cacheMs === undefined ? {} : { cacheMs }),
    ...(signals === undefined ? {} : { signals }), ...(limit === undefined ? {} : { limit }), ...(timeoutMs === undefined ? {} : { timeoutMs }),
    fetch, transform: (text, request) => ({ items: transform(text, request) }),
  };
};
