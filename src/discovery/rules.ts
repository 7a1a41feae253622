/** The second pass by rules: which cohorts, in which order, for whom, how many. Data: in the configuration, or the value of an experiment's variant. */
import { z } from 'zod';
import type { Parameter } from '../core/context.ts';
import { ThroughlineError } from '../core/errors.ts';
import { COHORTS } from './pool/index.ts';

export const ORDERS = ['listed', 'relevance', 'random'] as const;
export type Order = (typeof ORDERS)[number];

const entry = z.strictObject({
  name: z.string().min(1).max(64).describe('A cohort of the pool or of a plug-in'),
  items: z.int().min(1).max(24).optional().describe('Cards of it on the page, those included that only stand by for dismissed ones; default that of the page'),
  least: z.int().min(1).max(24).optional().describe('It is left out where it has fewer; default that of the page'),
  for: z.strictObject({
    connections: z.strictObject({ min: z.int().min(0).optional(), max: z.int().min(0).optional() }).optional().describe('How many connections the viewer has'),
    locales: z.array(z.string().min(2).max(35)).min(1).optional().describe('Languages that the viewer reads'),
  }).optional().describe('Whom it is for; absent: everybody'),
});

export const rulesSchema = z.strictObject({
  version: z.string().min(1).max(64).describe('Names the rules; every page that was served says which it followed'),
  order: z.enum(ORDERS).default('listed').describe('listed: as they stand here; relevance: as a model learned from what viewers did; random: to compare with'),
  model: z.string().min(1).max(64).optional().describe('By relevance: the version of the learned order; absent: the one that serves. Where it is not there, the cohorts stand as listed and the page says so'),
  cohorts: z.array(entry).max(64).describe('The cohorts, first to last'),
  others: z.enum(['last', 'none']).default('last').describe('Where cohorts stand that are not listed: behind all others, or nowhere'),
  most: z.int().min(1).max(64).default(12).describe('Cohorts on a page'),
  items: z.int().min(1).max(24).default(12).describe('Cards of each cohort: two rows at the widest, and some that stand by for dismissed ones'),
  least: z.int().min(1).max(24).default(1).describe('A cohort with fewer cards is left out'),
});
export type DiscoveryRules = z.infer<typeof rulesSchema>;
export type RuleEntry = DiscoveryRules['cohorts'][number];

export const DEFAULT_RULES: DiscoveryRules = rulesSchema.parse({ version: 'rules-1', cohorts: COHORTS.map(({ name }) => ({ name })) });

/** Undefined where there is none. @param known names of cohorts */
const faultOf = ({ version, cohorts }: DiscoveryRules, known: readonly string[]): string | undefined => {
  const names = cohorts.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) return `the discovery rules "${version}" name the cohort "${unknown}", which does not exist; known: ${known.join(', ')}`;
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  return twice === undefined ? undefined : `the discovery rules "${version}" name the cohort "${twice}" twice; name it once`;
};

/** What an experiment may vary. @param byDefault the rules of the configuration @throws client/invalidConfig where they name what is unknown, or a cohort twice */
export const discoveryRules = (byDefault: DiscoveryRules, known: readonly string[]): Parameter<DiscoveryRules> => {
  const fault = faultOf(byDefault, known);
  if (fault !== undefined) throw new ThroughlineError('client/invalidConfig', fault, { where: { field: 'discovery.rules' } });
  return {
    name: 'discoveryRules', about: 'which cohorts, in which order, for whom, how many', default: byDefault,
    schema: rulesSchema.superRefine((rules, context) => {
      const found = faultOf(rules, known);
      if (found !== undefined) context.addIssue({ code: 'custom', message: found, path: ['cohorts'] });
    }),
  };
};

/** Whom the rules are applied to. */
export interface Audience { readonly connections: number; readonly locale: string }

const isFor = ({ for: whom }: RuleEntry, { connections, locale }: Audience): boolean => {
  if (whom === undefined) return true;
  const { connections: count, locales } = whom;
  const language = locale.split('-', 1)[0];
  return connections >= (count?.min ?? 0) && connections <= (count?.max ?? Infinity) && (locales === undefined || locales.some((each) => each === locale || each === language));
};

export interface Ruled { readonly items: number; readonly least: number; /** Place in the listed order. */ readonly place: number }

/** What the rules say of each cohort, by its number; undefined where it is not for this viewer. */
export const applyRules = (rules: DiscoveryRules, names: readonly string[], audience: Audience): readonly (Ruled | undefined)[] =>
  names.map((name, number) => {
    const place = rules.cohorts.findIndex((each) => each.name === name);
    const found = rules.cohorts[place];
    if (found === undefined) return rules.others === 'none' ? undefined : { items: rules.items, least: rules.least, place: rules.cohorts.length + number };
    return isFor(found, audience) ? { items: found.items ?? rules.items, least: found.least ?? rules.least, place } : undefined;
  });
