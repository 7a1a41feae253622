/** The pool of first-pass rankers: one file each. A new one is a file and a line here, or a plug-in given to `openPlatform`. */
import type { FirstPassRanker } from '../ranker.ts';
import { jobs } from './jobs.ts';
import { journey } from './journey.ts';
import { network } from './network.ts';
import { news } from './news.ts';
import { people } from './people.ts';

/** Places in this list are columns of the feature matrix: append only. */
export const POOL: readonly FirstPassRanker[] = [network, news, jobs, people, journey];
