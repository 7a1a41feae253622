import { DAY } from '../../core/clock.ts';
import { ACTIONS, actionNumber } from '../../core/registry.ts';
import { kindNumber } from '../../catalog/catalog.ts';
import { decay } from '../../journey/counters.ts';
import { actionOf, HISTORY_STRIDE } from '../../journey/layout.ts';
import { createScratch, type Scratch } from '../../memory/scratch.ts';
import { addThroughSkills } from '../adjacent.ts';
import { addByTerms, rarity } from '../by-terms.ts';
import { because, type RankedList } from '../ranked-list.ts';
import type { FirstPassRanker, RankRequest } from '../ranker.ts';
import { reasonNumber } from '../reasons.ts';

const LIMIT = 25;
/** Events looked back upon, jobs found among them, and terms of each. */
const EVENTS_READ = 256;
const JOBS_READ = 12;
const TERMS_OF_JOB = 16;
/** Courses read under each skill: the newest, and others drawn for this viewer today. */
const NEWEST = 8;
const DRAWN = 8;
const LOOKED_HALF_LIFE_MS: number = 14 * DAY;
const JOB = kindNumber('job');

/** What a course is worth: for a skill that a job asked for and the viewer has not; for one that follows from theirs; about what they read; about what they know. */
const ASKED = 2;
const NEXT = 1;
const READ = 0.5;
const KNOWN = 0.1;

const LIKE_WHAT_YOU_READ = because('likeWhatYouRead');
const TOPIC_OF_YOURS = because('topicOfYours');
/** Filled anew for each skill: a list copies what it is told. */
const why = { reason: reasonNumber('courseForJob'), actor: -1 };
/** Skill → how much jobs looked at ask for it, the largest part of that, and the job + 1 which that is of. Used by one request at a time: this ranker awaits nothing. */
const wanted: Scratch = createScratch();
const part: Scratch = createScratch();
const wantedBy: Scratch = createScratch();

const want = ({ viewer, views: { catalog } }: RankRequest, job: number, weight: number): void => {
  const { data, head } = catalog.termsOf.view;
  const block = head[job] ?? 0;
  const end = block + 2 + (data[block] ?? 0);
  // Skills stand last.
  for (let at = Math.max(block + 2, end - TERMS_OF_JOB); at < end; at++) {
    const term = data[at] ?? 0;
    if (viewer.declared.values[term] === 1) continue;
    wanted.add(term, weight);
    if (weight <= (part.values[term] ?? 0)) continue;
    part.set(term, weight);
    wantedBy.set(term, job + 1);
  }
};

/** What the jobs ask for that the viewer looked at last. */
const gather = (request: RankRequest): void => {
  const { viewer, views: { catalog, journey }, context } = request;
  for (const scratch of [wanted, part, wantedBy]) scratch.clear(catalog.terms.size());
  if (!context.allowed.activity || !context.allowed.sequence) return;
  const { kind } = catalog.items.columns;
  const { data, head } = journey.history.view;
  const block = head[viewer.number] ?? 0;
  const end = block + 2 + (data[block] ?? 0);
  const jobs = new Set<number>();
  for (let at = end - HISTORY_STRIDE; at >= Math.max(block + 2, end - EVENTS_READ * HISTORY_STRIDE) && jobs.size < JOBS_READ; at -= HISTORY_STRIDE) {
    const item = data[at] ?? 0;
    const action = ACTIONS[actionOf(data[at + 1] ?? 0)];
    if (kind[item] !== JOB || action?.polarity !== 1 || !context.allowed[action.signal] || jobs.has(item)) continue;
    jobs.add(item);
    want(request, item, decay(context.now - (data[at + 2] ?? 0) * 1000, LOOKED_HALF_LIFE_MS));
  }
};

const addAskedFor = ({ views: { catalog } }: RankRequest, into: RankedList, worth: (course: number) => number): void => {
  const { data, head } = catalog.under.course.view;
  for (let i = 0; i < wanted.count; i++) {
    const term = wanted.touched[i] ?? 0;
    const block = head[term] ?? 0;
    const count = data[block] ?? 0;
    why.actor = (wantedBy.values[term] ?? 0) - 1;
    const much = ASKED * Math.min(1, wanted.values[term] ?? 0) * rarity(count);
    for (let at = block + 2 + Math.max(0, count - NEWEST); at < block + 2 + count; at++) {
      const course = data[at] ?? 0;
      const value = worth(course);
      if (value > 0) into.add(course, much * value, why);
    }
  }
};

const TAKEN: number = (1 << actionNumber('start')) | (1 << actionNumber('complete')) | (1 << actionNumber('buy'));

/**
 * Courses towards where the viewer is heading: skills that jobs they looked at ask for and they do not have, skills adjacent to theirs, what
 * they read about lately. Cost: 256 events, 12 jobs, at most 1,536 courses through them, 2,304 through adjacent skills and 384 through what is
 * read, whatever the inventory.
 */
export const courses: FirstPassRanker = {
  name: 'courses', about: 'courses in skills that jobs you looked at ask for, in skills adjacent to yours, and about what you read',
  kinds: ['course'], signals: ['profile'], limit: LIMIT,
  rank: (request, into) => {
    const { viewer, views: { catalog, journey }, context } = request;
    const isNew = (course: number): boolean => {
      const row = context.allowed.activity ? journey.seen.find(viewer.number, course) : -1;
      return row < 0 || ((journey.seen.columns.actions[row] ?? 0) & TAKEN) === 0;
    };
    const worth = (course: number): number => (isNew(course) ? 1 : 0);
    gather(request);
    addAskedFor(request, into, worth);
    addThroughSkills(request, into, { carriers: catalog.under.course, reason: 'courseNext', worth: (course) => NEXT * worth(course) });
    const knows = (term: number): boolean => viewer.declared.values[term] === 1;
    addByTerms(request, into, {
      lists: catalog.under.course, newest: NEWEST, drawn: DRAWN, worth, weigh: (term) => (knows(term) ? KNOWN : READ),
      why: (_course, term) => (knows(term) ? TOPIC_OF_YOURS : LIKE_WHAT_YOU_READ),
    });
  },
};
