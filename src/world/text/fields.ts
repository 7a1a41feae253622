import { INDUSTRY_FIELDS } from './fields-industry.ts';
import { TECHNOLOGY_FIELDS } from './fields-technology.ts';
import type { Field, Topic } from './topic.ts';

export const FIELDS: readonly Field[] = [...TECHNOLOGY_FIELDS, ...INDUSTRY_FIELDS];
/** A topic's number is its place here. */
export const TOPICS: readonly Topic[] = FIELDS.flatMap((field) => field.topics);
const numbers = new Map(TOPICS.map((topic, number) => [topic.name, number]));
/** @returns undefined for a topic of which this world has no opinion. */
export const topicNumber = (name: string): number | undefined => numbers.get(name);
