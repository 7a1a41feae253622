/** The pool of cohorts: one file each. A new one is a file and a line here, or a plug-in. The order is that of the default rules. */
import type { Cohort } from '../cohort.ts';
import { coursesAhead } from './courses.ts';
import { eventsForYou } from './events.ts';
import { groupsForYou } from './groups.ts';
import { hashtags } from './hashtags.ts';
import { influencers } from './influencers.ts';
import { jobsThroughSkills } from './jobs-through-skills.ts';
import { newsletters } from './newsletters.ts';
import { pages } from './pages.ts';
import { peopleFromCompany } from './people-from-company.ts';
import { peopleFromGroup } from './people-from-group.ts';
import { peopleFromRegion } from './people-from-region.ts';
import { peopleFromSchool } from './people-from-school.ts';
import { peopleInSimilarRoles } from './people-in-similar-roles.ts';

export const COHORTS: readonly Cohort[] = [
  peopleFromCompany, groupsForYou, peopleFromSchool, jobsThroughSkills, pages, peopleInSimilarRoles, coursesAhead, influencers, eventsForYou,
  peopleFromGroup, newsletters, peopleFromRegion, hashtags,
];
