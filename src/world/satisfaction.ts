/** What a session leaves behind: how satisfied its member is, whether they come back the next day, and whether they ever do. Pure. */
import { ACTIONS } from '../core/registry.ts';
import { RESPONSE_NAMES, type ResponseName, type Scalars } from './parameters.ts';
import type { Person } from './people.ts';

const POLARITY: ReadonlyMap<string, number> = new Map(ACTIONS.map(({ name, polarity }) => [name, polarity]));
/** 1: done because the member liked the card, -1: because they did not, 0: neither. */
export const polarityOf = (response: string): number => POLARITY.get(response) ?? 0;
const isPositive = (response: string): boolean => polarityOf(response) === 1;

/** P(at least one response of this polarity), of independent ones. */
export const chanceOfAny = (polarity: 1 | -1, probabilities: Readonly<Partial<Record<ResponseName, number>>>): number =>
  1 - Object.entries(probabilities).reduce((none, [name, p]) => (polarityOf(name) === polarity ? none * (1 - p) : none), 1);

const bitsOf = (polarity: number): number => RESPONSE_NAMES.reduce((bits, name, number) => (polarityOf(name) === polarity ? bits | 1 << number : bits), 0);
const POSITIVE_BITS = bitsOf(1);
const UNWILLING_BITS = bitsOf(-1);
/** The same of sets of responses, as bits of RESPONSE_NAMES. */
export const isPositiveBits = (bits: number): boolean => (bits & POSITIVE_BITS) !== 0;
export const isUnwillingBits = (bits: number): boolean => (bits & UNWILLING_BITS) !== 0;

/** Of one session: cards that its member acted on because they liked them, and cards hidden or reported. */
export interface Tally { readonly cards: number; readonly acted: number; readonly annoyed: number }
export const NOTHING: Tally = { cards: 0, acted: 0, annoyed: 0 };

/** One more card was passed, and this came of it. */
export const tally = ({ cards, acted, annoyed }: Tally, responses: readonly ResponseName[]): Tally => ({
  cards: cards + 1, acted: acted + (responses.some(isPositive) ? 1 : 0), annoyed: annoyed + (responses.some((name) => polarityOf(name) === -1) ? 1 : 0),
});

/** From 0 (nothing pleased) to 1. */
export const satisfactionOf = ({ acted, annoyed }: Pick<Tally, 'acted' | 'annoyed'>, values: Scalars): number =>
  1 - Math.exp(-Math.max(0, acted - values.annoyance * annoyed) / values.satisfactionScale);

/** P(the member comes back the next day), by the last session of a day. */
export const returnProbability = ({ inner }: Pick<Person, 'inner'>, satisfaction: number, values: Scalars): number =>
  1 / (1 + Math.exp(-(values.returnBias + values.returnSatisfaction * (satisfaction - 0.5) + values.returnHabit * Math.log(inner.activity))));

/** P(the member never comes back), by each session. */
export const leaveProbability = (satisfaction: number, values: Scalars): number => 2 * values.leaves * (1 - satisfaction);
