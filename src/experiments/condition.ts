/**
 * Whom an experiment is for: a condition in the language of MongoDB's queries, as GrowthBook reads it, over plain attributes. Compiled once into a
 * predicate; what is wrong with it is said then, so that none fails while a page is made.
 */
import type { Attributes } from '../core/context.ts';
import { ThroughlineError } from '../core/errors.ts';
import { printable } from '../core/ids.ts';
import { pattern } from './pattern.ts';

export type Condition = Readonly<Record<string, unknown>>;
type Value = Attributes[string] | undefined;
type Plain = string | number | boolean | null;
type Test = (value: Value) => boolean;

/** Of operators inside one another, and of all that are in one condition. */
const DEEPEST = 8;
const MOST_PARTS = 200;

const refuse = (sentence: string): ThroughlineError => new ThroughlineError('client/invalidRequest', sentence, { where: { field: 'condition' } });

const isPlain = (value: unknown): value is Plain => value === null || ['string', 'number', 'boolean'].includes(typeof value);
const isObject = (value: unknown): value is Condition => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Nothing stated is null; a list equals no plain value. */
const equals = (value: Value, wanted: Plain): boolean => (value ?? null) === wanted;
const isAmong = (value: Value, wanted: readonly Plain[]): boolean =>
  (typeof value === 'object' ? value.some((each) => wanted.includes(each)) : wanted.includes(value ?? null));

/** As GrowthBook compares: two texts letter by letter, anything else as numbers, nothing stated as 0. A list compares with nothing. */
const order = (value: Value, other: Plain): number => {
  if (typeof value === 'object') return Number.NaN;
  if (typeof value === 'string' && typeof other === 'string') return value < other ? -1 : value > other ? 1 : 0;
  return Number(value ?? 0) - Number(other ?? 0);
};

/** What a compilation is at: how much has been read, and where. */
interface Reading { parts: number; readonly known: readonly string[] }

const plain = (operator: string, value: unknown): Plain => {
  if (!isPlain(value)) throw refuse(`${operator} in the condition compares with a text, a number, true, false or null, not with ${Array.isArray(value) ? 'a list' : 'an object'}`);
  return value;
};
const plains = (operator: string, value: unknown): readonly Plain[] => {
  if (!Array.isArray(value)) throw refuse(`${operator} in the condition takes a list of values`);
  return value.map((each) => plain(operator, each));
};
const conditions = (operator: string, value: unknown): readonly Condition[] => {
  if (!Array.isArray(value) || !value.every(isObject)) throw refuse(`${operator} in the condition takes a list of conditions`);
  return value;
};
const flag = (operator: string, value: unknown): boolean => {
  if (typeof value !== 'boolean') throw refuse(`${operator} in the condition takes true or false`);
  return value;
};
const whole = (operator: string, value: unknown): number => {
  if (!Number.isInteger(value)) throw refuse(`${operator} in the condition takes a whole number`);
  return Number(value);
};

type Operator = (value: unknown, read: (inner: unknown) => Test) => Test;

const OPERATORS: Readonly<Record<string, Operator>> = {
  $eq: (wanted) => { const other = plain('$eq', wanted); return (value) => equals(value, other); },
  $ne: (wanted) => { const other = plain('$ne', wanted); return (value) => !equals(value, other); },
  $in: (wanted) => { const list = plains('$in', wanted); return (value) => isAmong(value, list); },
  $nin: (wanted) => { const list = plains('$nin', wanted); return (value) => !isAmong(value, list); },
  $gt: (wanted) => { const other = plain('$gt', wanted); return (value) => order(value, other) > 0; },
  $gte: (wanted) => { const other = plain('$gte', wanted); return (value) => order(value, other) >= 0; },
  $lt: (wanted) => { const other = plain('$lt', wanted); return (value) => order(value, other) < 0; },
  $lte: (wanted) => { const other = plain('$lte', wanted); return (value) => order(value, other) <= 0; },
  $exists: (wanted) => { const there = flag('$exists', wanted); return (value) => (value !== undefined) === there; },
  $size: (wanted) => { const length = whole('$size', wanted); return (value) => typeof value === 'object' && value.length === length; },
  $regex: (wanted) => { const matches = pattern(wanted); return (value) => typeof value === 'string' && matches(value); },
  $not: (wanted, read) => { const inner = read(wanted); return (value) => !inner(value); },
  $elemMatch: (wanted, read) => { const inner = read(wanted); return (value) => typeof value === 'object' && value.some(inner); },
};

const assertRoom = (reading: Reading, depth: number): void => {
  if (depth > DEEPEST) throw refuse(`the condition is nested more than ${DEEPEST} deep; write it flatter`);
  if (++reading.parts > MOST_PARTS) throw refuse(`the condition has more than ${MOST_PARTS} parts; make it shorter`);
};

/** What is asked of one value: an object of operators, or the value it must equal. */
const readTest = (wanted: unknown, reading: Reading, depth: number): Test => {
  assertRoom(reading, depth);
  if (!isObject(wanted)) { const other = plain('$eq', wanted); return (value) => equals(value, other); }
  const tests = Object.entries(wanted).map(([name, inner]) => {
    const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
    if (operator === undefined) throw refuse(`the condition has an operator "${printable(name)}" that is not known; known: ${Object.keys(OPERATORS).join(', ')}`);
    return operator(inner, (deeper) => readTest(deeper, reading, depth + 1));
  });
  if (tests.length === 0) throw refuse('the condition asks nothing of an attribute: {} stands where an operator or a value belongs');
  return (value) => tests.every((test) => test(value));
};

const readCondition = (condition: Condition, reading: Reading, depth: number): ((attributes: Attributes) => boolean) => {
  assertRoom(reading, depth);
  const all = (operator: string, list: unknown): readonly ((attributes: Attributes) => boolean)[] => conditions(operator, list).map((each) => readCondition(each, reading, depth + 1));
  const tests = Object.entries(condition).map(([name, wanted]): ((attributes: Attributes) => boolean) => {
    if (name === '$and') { const list = all(name, wanted); return (attributes) => list.every((test) => test(attributes)); }
    // An empty $or holds, as it does for GrowthBook.
    if (name === '$or') { const list = all(name, wanted); return (attributes) => list.length === 0 || list.some((test) => test(attributes)); }
    if (name === '$nor') { const list = all(name, wanted); return (attributes) => !list.some((test) => test(attributes)); }
    if (name === '$not') { const [inner] = all(name, [wanted]); return (attributes) => inner?.(attributes) !== true; }
    if (!reading.known.includes(name)) throw refuse(`the condition asks for "${printable(name)}", which is no attribute of members; known: ${reading.known.join(', ')}. Single members are named in overrides`);
    const test = readTest(wanted, reading, depth + 1);
    return (attributes) => test(attributes[name]);
  });
  return (attributes) => tests.every((test) => test(attributes));
};

/**
 * @param known the attributes that a condition may ask for
 * @returns whether a member of these attributes meets it @throws client/invalidRequest with one sentence
 */
export const compileCondition = (condition: Condition, known: readonly string[]): ((attributes: Attributes) => boolean) =>
  readCondition(condition, { parts: 0, known }, 1);
