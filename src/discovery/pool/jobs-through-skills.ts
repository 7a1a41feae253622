import { kindNumber, STATE } from '../../catalog/catalog.ts';
import { DAY } from '../../core/clock.ts';
import { decay } from '../../journey/counters.ts';
import { addThroughSkills } from '../../rankers/adjacent.ts';
import type { FirstPassRanker } from '../../rankers/ranker.ts';
import { fromRanker } from '../from-ranker.ts';

const HALF_LIFE_MS: number = 21 * DAY;
const JOB = kindNumber('job');

/** Cost: at most 1,152 look-ups, whatever the inventory (see `addThroughSkills`). */
const throughSkills: FirstPassRanker = {
  name: 'jobsThroughSkills', about: 'jobs that ask for skills adjacent to yours', kinds: ['job'], signals: ['profile'], limit: 100,
  rank: (request, into) => {
    const { views: { catalog }, context: { now } } = request;
    const { state, kind, createdAt } = catalog.items.columns;
    const worth = (job: number): number => (state[job] === STATE.alive && kind[job] === JOB ? decay(now - (createdAt[job] ?? 0), HALF_LIFE_MS) : 0);
    addThroughSkills(request, into, { carriers: catalog.under.asked, reason: 'adjacentSkill', worth });
  },
};

export const jobsThroughSkills = fromRanker({
  name: 'jobsThroughSkills', about: throughSkills.about, kind: 'job', card: { template: 'large', action: 'save' }, ranker: throughSkills,
  words: {
    title: { en: 'Jobs your skills carry over to', de: 'Jobs, für die vorhandene Kenntnisse zählen', ar: 'وظائف تفيد فيها مهاراتك', ja: 'スキルを生かせる仕事' },
    reason: { en: 'One step from what you already know', de: 'Ein Schritt von dem, was schon da ist', ar: 'على بُعد خطوة من مهاراتك', ja: 'すでにお持ちのスキルから一歩先です' },
  },
});
