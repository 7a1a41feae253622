/** Features by what they are about, so that a family can be left out as a whole; a test fails where a feature is in none or in two. */
import { POOL } from '../rankers/pool/index.ts';
import { FEATURE_KINDS, FEATURE_NAMES, JOURNEY_FEATURES } from './features.ts';

export const FEATURE_FAMILIES: Readonly<Record<string, readonly string[]>> = {
  'age': ['logAgeHours', 'fresh6h', 'fresh36h', 'fresh14d', 'fresh60d', 'logNewer', 'newest'],
  'popularity': ['touches10m', 'touches1h', 'touches6h', 'touches1d', 'touches7d', 'strong1d', 'people', 'logIdleMinutes', 'trend', 'pace', 'responseRate', 'responseRate1d'],
  'kind': FEATURE_KINDS.map((kind) => `is:${kind}`),
  'profile': ['declaredTopics', 'sameCompany'],
  'recent interest': ['recentTopics', 'topicShare', 'logTopicShare', 'recentMaker', 'kindShare'],
  'who touches the same': ['neighbours', 'logNeighbours', 'makerShare', 'logMaker'],
  'habits': ['ageHabit', 'rankHabit', 'popularityHabit', 'nearLast', 'sessionRank'],
  'how readily they respond': ['viewerRate', 'kindRate', 'topicRate', 'bestTopicRate'],
  'moment and visit': ['hourSin', 'hourCos', 'weekend', 'sinceLast', 'viewerHour', 'viewerDay', 'viewerTouches'],
  'journey model': JOURNEY_FEATURES,
  'seen before': ['impressions', 'acted'],
  'tie': ['tiedToMaker'],
  'sponsored': ['sponsored'],
  'first-pass scores': POOL.flatMap(({ name }) => [`score:${name}`, `from:${name}`]),
};

/** Their places in a row. */
export const columnsOf = (names: readonly string[]): readonly number[] => names.map((name) => FEATURE_NAMES.indexOf(name));
