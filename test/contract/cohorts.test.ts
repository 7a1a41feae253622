import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { COHORTS, pluginCohort, type Cohort, type CohortPlugin } from '../../src/plugin.ts';
import { remoteCohort, remoteCohortSchema } from '../../src/discovery/remote.ts';
import { testCohort, type CohortUnderTest } from '../../src/testing/index.ts';
import { discoveryNetwork } from '../support/discovery-network.ts';

const DELETED = ['member:c5', 'company:p5', 'group:k5', 'hashtag:h5', 'newsletter:n5', 'event:v5', 'course:o5', 'job:j5'];

/** Ana, to whom every cohort has something to say; Bo, who is known for his connections alone; and Dee, of whom nothing is known. */
const under = async (cohort: Cohort, newcomers: readonly string[] = ['dee']): Promise<CohortUnderTest> => {
  const { platform, clock } = await discoveryNetwork();
  for (const reference of DELETED) await platform.deleteEntity(...(reference.split(':') as [string, string]));
  return { cohort, views: platform.state, now: clock.now(), members: ['ana', 'bo', 'dee'], newcomers, deleted: DELETED, destroy: () => platform.close() };
};

for (const cohort of COHORTS) testCohort(cohort.name, () => under(cohort));

/** A plug-in that still knows what was deleted, and somebody of another kind: the adapter must not let them through. */
const staffPicks: CohortPlugin<readonly string[]> = {
  name: 'staffPicks', about: 'groups that an editor chose', kind: 'group', action: 'join', limit: 6, signals: ['graph'],
  words: { title: { en: 'Chosen by {subject}', de: 'Ausgewählt von {subject}' } },
  eligible: ({ viewer }) => viewer.id !== 'dee',
  fetch: async () => ['k0', 'k5', 'k1', 'k2', 'k9', 'k3', 'k4', 'k6', 'k7'],
  transform: (ids) => ({ subject: 'the editors', items: [...ids.map((id, place) => ({ item: { kind: 'group', id }, score: 1 / (place + 1) })), { item: { kind: 'member', id: 'ana' }, score: 9 }] }),
};
testCohort('staffPicks', () => under(pluginCohort(staffPicks)));

/** The same as a service: it knows nothing of its viewer, and has the same for everybody. */
testCohort('distantPicks', async () => {
  const service = createServer((request, response) => {
    request.resume().once('end', () => { response.end(JSON.stringify({ data: { hits: ['k0', 'k5', 'k1', 'k2', 'k9'].map((ref, place) => ({ ref, relevance: 1 / (place + 1) })) } })); });
  });
  await new Promise<void>((resolve) => { service.listen(0, '127.0.0.1', resolve); });
  const cohort = pluginCohort(remoteCohort(remoteCohortSchema.parse({
    name: 'distantPicks', url: `http://127.0.0.1:${(service.address() as AddressInfo).port}/`, kind: 'group', action: 'join', timeoutMs: 2000, privateAddresses: true,
    words: { title: { en: 'Chosen elsewhere' } }, answer: { list: 'data.hits', item: 'ref', score: 'relevance' },
  })));
  const network = await under(cohort, []);
  return { ...network, destroy: async () => { service.closeAllConnections(); await new Promise((resolve) => { service.close(resolve); }); await network.destroy?.(); } };
});
