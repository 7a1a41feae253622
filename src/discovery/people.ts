/** Cohorts of people who share one thing with the viewer, which their heading names: an employer, a school, a group, a region, a role. */
import type { Trait } from '../catalog/alike.ts';
import { kindNumber, STATE } from '../catalog/catalog.ts';
import type { EdgeName } from '../catalog/graph.ts';
import type { SignalFamily } from '../core/registry.ts';
import type { Lists } from '../memory/structures.ts';
import { because } from '../rankers/ranked-list.ts';
import type { RankRequest } from '../rankers/ranker.ts';
import type { ReasonCode } from '../rankers/reasons.ts';
import { WEIGHTS } from '../rankers/pool/people.ts';
import type { Cohort, CohortResult } from './cohort.ts';

/** People read of whom there are more: the newest. */
const READ = 512;
/** Connections of the viewer who are counted as friends in common, and connections of each candidate: the newest. */
const FRIENDS = 200;
export const PEOPLE_LIMIT = 200;

const MEMBER = kindNumber('member');
/** What everybody in such a cohort is worth before anything else is known of them. */
const IN_COMMON = 1;
/** What a term of the viewer's that they carry adds. */
const PER_TERM = 0.2;
const MOST_TERMS = 2;

/** Who shares it, and what it is called. */
export interface Gathering { readonly people: Int32Array; readonly subject: string }

export interface PeopleCohort extends Pick<Cohort, 'name' | 'about' | 'words'> {
  readonly signals: readonly SignalFamily[];
  /** What each of them is there for, where they have no connection in common with the viewer. */
  readonly reason: ReasonCode;
  /** The thing and its people; undefined where the viewer has none. */
  gather(request: RankRequest): Gathering | undefined;
}

/** The newest of a list. */
const newest = ({ view: { data, head } }: Lists, row: number): Int32Array => {
  const block = head[row] ?? 0;
  const end = block + 2 + (data[block] ?? 0);
  return data.subarray(Math.max(block + 2, end - READ), end);
};

/** The last of what the viewer is tied to by an edge that others share: the newest employer, school or group. */
export const lastOf = ({ viewer, views: { catalog } }: RankRequest, edge: EdgeName): number => {
  const { data, head } = catalog.edges[edge].from.view;
  const block = head[viewer.number] ?? 0;
  const count = data[block] ?? 0;
  for (let at = block + 1 + count; at > block + 1; at--) {
    const place = data[at] ?? -1;
    if (catalog.items.columns.state[place] === STATE.alive) return place;
  }
  return -1;
};

export const gatherAt = (request: RankRequest, edge: EdgeName, place: number): Gathering | undefined =>
  (place < 0 ? undefined : { people: newest(request.views.catalog.edges[edge].to, place), subject: request.views.catalog.nameOf(place) });

/** Those who say the same of themselves as the viewer does. */
export const gatherAlike = ({ viewer, views: { catalog: { alike } } }: RankRequest, trait: Trait): Gathering | undefined => {
  const [own] = alike.of[trait].values(viewer.number);
  const subject = alike.spelled(trait, viewer.number);
  return own === undefined || subject === undefined ? undefined : { people: newest(alike.with[trait], own), subject };
};

/** Terms that both carry. */
const shared = ({ viewer, views: { catalog } }: RankRequest, person: number): number => {
  const { data, head } = catalog.termsOf.view;
  const block = head[person] ?? 0;
  const end = block + 2 + (data[block] ?? 0);
  let count = 0;
  for (let at = block + 2; at < end; at++) if (viewer.declared.values[data[at] ?? 0] === 1) count++;
  return Math.min(MOST_TERMS, PER_TERM * count);
};

/** Adds a candidate with the connections that they have in common with the viewer, named where the viewer lets their network be used. */
const addPerson = (request: RankRequest, into: CohortResult, { person, reason }: { readonly person: number; readonly reason: ReturnType<typeof because> }): void => {
  const { viewer, views: { catalog } } = request;
  into.list.add(person, IN_COMMON + shared(request, person), reason);
  const { data, head } = catalog.edges.connected.from.view;
  const block = head[person] ?? 0;
  const end = block + 2 + (data[block] ?? 0);
  for (let at = Math.max(block + 2, end - FRIENDS); at < end; at++) {
    const friend = data[at] ?? 0;
    if (viewer.ties.values[friend] !== 1 || catalog.items.columns.kind[friend] !== MEMBER) continue;
    const degree = data[head[friend] ?? 0] ?? 0;
    into.list.add(person, WEIGHTS.friend / Math.log2(2 + degree) + WEIGHTS.closeFriend / (1 + degree), reason);
  }
};

/** Cost: at most 512 people, 200 connections of each, whatever the network's size. */
export const peopleCohort = ({ gather, reason, ...described }: PeopleCohort): Cohort => {
  const why = because(reason);
  const cohort: Cohort<Gathering | undefined> = {
    ...described, kind: 'member', limit: PEOPLE_LIMIT, card: { template: 'medium', action: 'connect' },
    fetch: gather,
    transform: (gathering, request, into) => {
      if (gathering === undefined) return;
      const { viewer, views: { catalog } } = request;
      const { state, kind } = catalog.items.columns;
      into.subject = gathering.subject;
      for (const person of gathering.people) {
        if (person === viewer.number || state[person] !== STATE.alive || kind[person] !== MEMBER || viewer.ties.values[person] === 1) continue;
        addPerson(request, into, { person, reason: why });
      }
    },
  };
  return cohort;
};
