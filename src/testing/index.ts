/** Contract suites for whoever writes an adapter or a plug-in. They run under vitest, which is yours to install. */
export { testCohort, type CohortUnderTest } from './contracts/cohort.ts';
export { logRecord, readAll, testLog, type LogSetting, type LogUnderTest } from './contracts/log.ts';
export { testRanker, type RankerUnderTest } from './contracts/ranker.ts';
