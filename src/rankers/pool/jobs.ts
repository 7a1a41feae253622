import { DAY } from '../../core/clock.ts';
import { kindNumber } from '../../catalog/catalog.ts';
import { decay } from '../../journey/counters.ts';
import { addThroughSkills } from '../adjacent.ts';
import { because } from '../ranked-list.ts';
import type { FirstPassRanker } from '../ranker.ts';

const NEWEST_READ = 40;
const PER_TERM = 30;
/** Terms asked: those of the profile come first, then those of the latest touches. */
const TERMS_READ = 24;
const HALF_LIFE_MS: number = 10 * DAY;
const JOB = kindNumber('job');
const MATCHES_SKILLS = because('jobMatchesSkills');
const RECENT = because('jobRecent');
/** What a job is worth that asks for a skill which wholly follows from one of the viewer's, where one that asks for theirs is worth 1. */
const CARRIES = 0.7;

/**
 * Jobs that ask for the viewer's skills, those that ask for adjacent ones, then the newest. Cost: at most 760 look-ups, and 2,304 through
 * adjacent skills, whatever the inventory.
 */
export const jobs: FirstPassRanker = {
  name: 'jobs', about: 'jobs that ask for skills of yours or adjacent ones, and new ones',
  kinds: ['job'], signals: ['profile'], limit: 60,
  rank: (request, into) => {
    const { viewer, views: { catalog }, context } = request;
    const { createdAt } = catalog.items.columns;
    const age = (item: number): number => decay(context.now - (createdAt[item] ?? 0), HALF_LIFE_MS);
    const byTerm = catalog.under.job.view;
    const { touched, values, count } = viewer.terms;
    for (let i = 0; i < Math.min(TERMS_READ, count); i++) {
      const term = touched[i] ?? 0;
      const weight = Math.min(2, values[term] ?? 0);
      const block = byTerm.head[term] ?? 0;
      const end = block + 2 + (byTerm.data[block] ?? 0);
      for (let at = Math.max(block + 2, end - PER_TERM); at < end; at++) {
        const item = byTerm.data[at] ?? 0;
        into.add(item, weight * age(item), MATCHES_SKILLS);
      }
    }
    addThroughSkills(request, into, { carriers: catalog.under.asked, reason: 'adjacentSkill', worth: (item) => CARRIES * age(item) });
    const timeline = catalog.timeline.view;
    const block = timeline.head[1 + JOB] ?? 0;
    const end = block + 2 + (timeline.data[block] ?? 0);
    for (let at = Math.max(block + 2, end - NEWEST_READ); at < end; at++) {
      const item = timeline.data[at] ?? 0;
      into.add(item, 0.1 * age(item), RECENT);
    }
  },
};
