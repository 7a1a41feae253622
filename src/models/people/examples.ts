/** What ties hidden on purpose show: lists of members with their candidates, and pairs of members by chance. */
import type { Random } from '../../core/random.ts';
import { tied } from './graph.ts';
import type { Task } from './split.ts';
import type { Survey } from './survey.ts';
import type { TreeRows } from './trees.ts';
import { drawn, neighboursOf, strangersOf, visit } from './visit.ts';

/** Candidates of a list who did not become ties and are learned from, by chance; the list is judged by all of them. */
const OTHERS_OF_LIST = 50;

/** Rows that grow, each of a member of a task. */
export interface Collected {
  readonly width: number;
  add(write: (into: Float32Array, at: number) => void, row: { readonly label: 0 | 1; readonly group: number; readonly learned: boolean }): void;
  readonly rows: number;
  readonly values: () => Float32Array;
  readonly labels: () => Uint8Array;
  readonly groups: () => Int32Array;
  readonly learned: () => Uint8Array;
}

const collect = (width: number): Collected => {
  let values = new Float32Array(1024 * width);
  let labels = new Uint8Array(1024);
  let groups = new Int32Array(1024);
  let learned = new Uint8Array(1024);
  let count = 0;
  const grow = (): void => {
    const size = labels.length * 2;
    const wider = <T extends Float32Array | Uint8Array | Int32Array>(into: T, from: T): T => { into.set(from); return into; };
    [values, labels, groups, learned] = [wider(new Float32Array(size * width), values), wider(new Uint8Array(size), labels), wider(new Int32Array(size), groups), wider(new Uint8Array(size), learned)];
  };
  return {
    width,
    get rows() { return count; },
    add: (write, row) => {
      if (count === labels.length) grow();
      write(values, count * width);
      labels[count] = row.label;
      groups[count] = row.group;
      learned[count++] = row.learned ? 1 : 0;
    },
    values: () => values.subarray(0, count * width), labels: () => labels.subarray(0, count), groups: () => groups.subarray(0, count), learned: () => learned.subarray(0, count),
  };
};

/** A member of a task who was looked at. */
export interface Group { readonly task: number; readonly member: number; /** Hidden ties, among the candidates or not. */ readonly sought: number }

export interface Examples { readonly list: Collected; readonly pair: Collected; readonly groups: Group[] }
export const createExamples = (width: number): Examples => ({ list: collect(width), pair: collect(width), groups: [] });

export interface Asked { readonly task: number; readonly members: number; readonly strangers: number; readonly each: number; readonly random: Random; readonly onMember: () => void }

/** Adds what one task shows. */
export const addExamples = (into: Examples, { task, survey }: { readonly task: Task; readonly survey: Survey }, asked: Asked): void => {
  const { graph, hidden } = task;
  const { random } = asked;
  visit(survey, drawn(hidden.present, asked.members, random), (member) => {
    const { members, count } = survey.candidates;
    const share = OTHERS_OF_LIST / Math.max(count, 1);
    const sought = neighboursOf(hidden, member);
    const group = into.groups.push({ task: asked.task, member, sought: sought.length }) - 1;
    for (const other of members.subarray(0, count)) {
      const label = tied(hidden, member, other) ? 1 : 0;
      into.list.add((values, at) => { survey.write(other, values, at); }, { label, group, learned: label === 1 || random.next() < share });
    }
    for (const other of sought) into.pair.add((values, at) => { survey.write(other, values, at); }, { label: 1, group, learned: true });
    asked.onMember();
  });
  visit(survey, drawn(graph.present, asked.strangers, random), (member) => {
    const group = into.groups.push({ task: asked.task, member, sought: 0 }) - 1;
    for (const other of strangersOf(task, member, { count: asked.each, random })) into.pair.add((values, at) => { survey.write(other, values, at); }, { label: 0, group, learned: true });
    asked.onMember();
  });
};

/** The rows to learn from of the groups that are asked for. */
export const rowsOf = (collected: Collected, wanted: (group: number) => boolean): TreeRows => {
  const { width } = collected;
  const [values, labels, groups, learned] = [collected.values(), collected.labels(), collected.groups(), collected.learned()];
  const chosen = Int32Array.from({ length: collected.rows }, (_, row) => row).filter((row) => learned[row] === 1 && wanted(groups[row] ?? 0));
  const out = new Float32Array(chosen.length * width);
  chosen.forEach((row, at) => { out.set(values.subarray(row * width, (row + 1) * width), at * width); });
  return { width, count: chosen.length, values: out, labels: Uint8Array.from(chosen, (row) => labels[row] ?? 0) };
};
