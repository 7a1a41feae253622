/** An experiment as an operator writes it, and what makes it one that can run: its own parts fit together, and it fits in beside the others. */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Parameter } from '../core/context.ts';
import { ThroughlineError } from '../core/errors.ts';
import { isId, printable } from '../core/ids.ts';
import { validate } from '../core/validation.ts';
import { compileCondition } from './condition.ts';
import { LAYER_BUCKETS } from './hash.ts';

/** A name that may stand in paths, records and columns of figures. */
const NAME = /^[a-zA-Z0-9][\w.-]{0,63}$/u;
const name = z.string().regex(NAME, 'must have 1 to 64 letters, digits, dots, hyphens and underscores, beginning with a letter or a digit');
const bucket = z.int().min(0).max(LAYER_BUCKETS);
const share = z.number().min(0).max(1);
/** Experiments as JSON; and how many there may be, running or not. */
const MOST_BYTES = 64 * 1024;
export const MOST_EXPERIMENTS = 1000;
const WEIGHTS_TOLERANCE = 0.01;

const variantSchema = z.strictObject({ name, weight: share.describe('Share of the members who get it'), value: z.unknown().describe('What the parameter is for them') });

export const experimentSchema = z.strictObject({
  about: z.string().min(1).max(500).optional().describe('What is tried, and why'),
  parameter: z.string().describe('What varies: feedValues, …'),
  status: z.enum(['running', 'stopped']).default('running').describe('Stopped: everybody gets the default with their next request'),
  layer: name.optional().describe('Experiments of one layer share no member, those of different layers are independent; default: a layer of its own'),
  range: z.strictObject({ from: bucket, to: bucket }).default({ from: 0, to: LAYER_BUCKETS }).describe('Its buckets of the layer, `from` included and `to` not'),
  coverage: share.default(1).describe('Share of those members who take part; raising it keeps everybody where they are'),
  seed: z.string().min(1).max(128).optional().describe('Salt of the hash; default the key. Another seed deals the members anew'),
  hashVersion: z.union([z.literal(1), z.literal(2)]).default(2).describe('Of GrowthBook\'s hash'),
  variants: z.array(variantSchema).min(2).max(20),
  condition: z.record(z.string(), z.unknown()).optional().describe('Who takes part, by attributes, as MongoDB writes it: {"locale": {"$in": ["de", "at"]}}'),
  namespace: z.strictObject({ name: z.string().min(1).max(128), from: share, to: share }).optional().describe('A GrowthBook namespace, and the part of it that is taken'),
  overrides: z.record(z.string(), name).optional().describe('Member id → variant, whatever the rest says'),
});
export type ExperimentInput = z.input<typeof experimentSchema>;

export interface Variant { readonly name: string; readonly weight: number; readonly value: unknown }
export interface Experiment {
  readonly key: string;
  readonly about?: string;
  readonly parameter: string;
  readonly status: 'running' | 'stopped';
  readonly layer: string;
  readonly range: { readonly from: number; readonly to: number };
  readonly coverage: number;
  readonly seed: string;
  readonly hashVersion: 1 | 2;
  readonly variants: readonly Variant[];
  readonly condition?: Readonly<Record<string, unknown>>;
  readonly namespace?: { readonly name: string; readonly from: number; readonly to: number };
  readonly overrides?: Readonly<Record<string, string>>;
}

/** What an experiment is checked against. */
export interface Setting {
  readonly parameters: readonly Parameter<unknown>[];
  /** Attributes of members that a condition may ask for. */
  readonly attributes: readonly string[];
}

const refuse = (field: string, sentence: string): ThroughlineError => new ThroughlineError('client/invalidRequest', sentence, { where: { field } });

/** @throws client/invalidRequest */
export const parameterOf = ({ parameters }: Setting, wanted: string): Parameter<unknown> => {
  const parameter = parameters.find((each) => each.name === wanted);
  if (parameter === undefined) throw refuse('parameter', `nothing is called "${printable(wanted)}" that an experiment could vary; parameters: ${parameters.map((each) => each.name).join(', ')}`);
  return parameter;
};

/** @returns what code gets for this variant @throws client/invalidRequest */
export const valueOf = (parameter: Parameter<unknown>, { name: variant, value }: Variant): unknown => {
  try { return validate(parameter.schema, value); } catch (error) {
    if (!(error instanceof ThroughlineError)) throw error;
    throw refuse('variants', `the value of the variant "${variant}" is none for ${parameter.name}: ${error.message}`);
  }
};

const versionOf = (value: unknown): unknown => (typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined);

/** A value with a version is known by it on every page: two that differ need two versions. */
const assertVersions = ({ variants }: Experiment, parameter: Parameter<unknown>): void => {
  const values = [{ name: 'the default', value: parameter.default }, ...variants.map((variant) => ({ name: `the variant "${variant.name}"`, value: valueOf(parameter, variant) }))];
  for (const [place, one] of values.entries()) {
    const version = versionOf(one.value);
    const other = version === undefined ? undefined : values.slice(0, place).find(({ value }) => versionOf(value) === version && !isDeepStrictEqual(value, one.value));
    if (other !== undefined) throw refuse('variants', `${other.name} and ${one.name} have different values of the version ${JSON.stringify(version)}, and pages could not tell which they followed; give one of them another version`);
  }
};

const assertVariants = ({ variants, overrides = {} }: Experiment): void => {
  const names = variants.map((variant) => variant.name);
  const twice = names.find((each, place) => names.indexOf(each) !== place);
  if (twice !== undefined) throw refuse('variants', `two variants are called "${twice}"; give each a name of its own`);
  const sum = variants.reduce((all, { weight }) => all + weight, 0);
  if (Math.abs(sum - 1) > WEIGHTS_TOLERANCE) throw refuse('variants', `the weights of the variants add up to ${Math.round(sum * 1e4) / 1e4} and must add up to 1; correct them`);
  for (const [member, variant] of Object.entries(overrides)) {
    if (!isId(member)) throw refuse('overrides', `"${printable(member)}" in overrides is no id of a member; write the id alone, as in {"42": "${names[0] ?? ''}"}`);
    if (!names.includes(variant)) throw refuse('overrides', `overrides gives the member "${printable(member)}" the variant "${variant}", which there is not; variants: ${names.join(', ')}`);
  }
};

const assertRanges = ({ range, namespace }: Experiment): void => {
  if (range.from >= range.to) throw refuse('range', `the range of the layer from ${range.from} to ${range.to} holds no bucket; "to" is the first bucket behind it`);
  if (namespace !== undefined && namespace.from >= namespace.to) throw refuse('namespace', `the part of the namespace from ${namespace.from} to ${namespace.to} holds nobody; "to" must be above "from"`);
};

/** Whatever can be said of one experiment alone. @throws client/invalidRequest, client/tooLarge */
export const assertSound = (experiment: Experiment, setting: Setting): void => {
  assertVariants(experiment);
  assertRanges(experiment);
  if (experiment.condition !== undefined) compileCondition(experiment.condition, setting.attributes);
  assertVersions(experiment, parameterOf(setting, experiment.parameter));
  const bytes = Buffer.byteLength(JSON.stringify(experiment));
  if (bytes > MOST_BYTES) throw new ThroughlineError('client/tooLarge', `the experiment has ${bytes} bytes as JSON, at most ${MOST_BYTES} are taken; override fewer members, or shorten its values`);
};

/** @param input as `experimentSchema` has it. @returns it with everything left out filled in @throws client/invalidRequest, client/tooLarge */
export const readExperiment = (key: string, input: unknown, setting: Setting): Experiment => {
  if (!NAME.test(key)) throw refuse('key', `"${printable(key)}" cannot be the key of an experiment; a key has 1 to 64 letters, digits, dots, hyphens and underscores`);
  const { layer = key, seed = key, about, condition, namespace, overrides, ...rest } = validate(experimentSchema, input);
  const experiment: Experiment = {
    key, ...rest, layer, seed,
    ...(about === undefined ? {} : { about }), ...(condition === undefined ? {} : { condition }), ...(namespace === undefined ? {} : { namespace }), ...(overrides === undefined ? {} : { overrides }),
  };
  assertSound(experiment, setting);
  return experiment;
};

const span = ({ key, range }: Experiment): string => `"${key}" from ${range.from} to ${range.to}`;

/** Whether it may run beside the others. @throws client/invalidRequest naming both */
export const assertRoomBeside = (experiment: Experiment, others: Iterable<Experiment>): void => {
  if (experiment.status === 'stopped') return;
  for (const other of others) {
    if (other.key === experiment.key || other.status === 'stopped') continue;
    const isSameLayer = other.layer === experiment.layer;
    if (isSameLayer && other.range.from < experiment.range.to && experiment.range.from < other.range.to) {
      throw refuse('range', `the ranges of two running experiments overlap in the layer "${other.layer}": ${span(experiment)}, ${span(other)}; move one, or stop one`);
    }
    if (!isSameLayer && other.parameter === experiment.parameter) {
      throw refuse('layer', `"${experiment.key}" and the running "${other.key}" both vary ${other.parameter} in different layers, so that it would have two values for some members; put both into the layer "${other.layer}" with ranges apart, or stop one`);
    }
  }
};
