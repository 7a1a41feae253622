/** The pool of first-pass rankers: one file each. A new one is a file and a line here, or a plug-in given to `openPlatform`. That of sponsored updates asks campaigns and is merged last: feed/objectives/sponsored-ranker.ts. */
import type { FirstPassRanker } from '../ranker.ts';
import { companyNews } from './company-news.ts';
import { courses } from './courses.ts';
import { creators } from './creators.ts';
import { events } from './events.ts';
import { groups } from './groups.ts';
import { jobs } from './jobs.ts';
import { journey } from './journey.ts';
import { network } from './network.ts';
import { news } from './news.ts';
import { people } from './people.ts';

/** Places in this list are columns of the feature matrix: append only. */
export const POOL: readonly FirstPassRanker[] = [network, news, jobs, people, journey, creators, companyNews, courses, events, groups];
