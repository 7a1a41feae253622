import { expect, test } from 'vitest';
import { ALL_SIGNALS } from '../../../src/core/registry.ts';
import { courses } from '../../../src/rankers/pool/courses.ts';
import { act, itemsOf, put, ranked, stateOf } from '../../support/ranked.ts';

const NETWORK = [
  put('skill:sql', { name: 'SQL', related: ['skill:postgres'] }), put('skill:postgres', { name: 'Postgres' }),
  put('member:v', { skills: ['sql'] }), put('member:other', { skills: ['postgres'] }),
  put('job:j', { title: 'Welder', skills: ['sql', 'welding'] }),
  ...['sql', 'postgres', 'welding', 'gardens'].map((skill) => put(`course:${skill}`, { title: skill, skills: [skill] })),
];
const LOOKED = act('v', 'click', 'job:j');

test('teaches what a job asks for that the viewer looked at and they cannot do yet, then what lies next to their skills, then what they know', async () => {
  const rows = await ranked(await stateOf(...NETWORK, LOOKED), courses, 'v');
  expect(rows).toMatchObject([{ item: 'course:welding', reason: 'courseForJob', actors: ['job:j'] }, { item: 'course:postgres', reason: 'courseNext' }, { item: 'course:sql', reason: 'topicOfYours' }]);
});

test('teaches what the viewer reads about', async () => {
  const state = await stateOf(...NETWORK, put('article:a', { topics: ['gardens'] }), act('v', 'longView', 'article:a'));
  expect((await ranked(state, courses, 'v')).find(({ item }) => item === 'course:gardens')).toMatchObject({ reason: 'likeWhatYouRead' });
});

test('leaves out what the viewer started or completed', async () => {
  const state = await stateOf(...NETWORK, LOOKED, act('v', 'start', 'course:welding'), act('v', 'complete', 'course:postgres'));
  expect(itemsOf(await ranked(state, courses, 'v'))).toEqual(['course:sql']);
});

test('knows nothing of jobs looked at by a member who withholds their journey or what they do', async () => {
  const state = await stateOf(...NETWORK, LOOKED);
  for (const family of ['activity', 'sequence'] as const) expect(itemsOf(await ranked(state, courses, { member: 'v', allowed: { ...ALL_SIGNALS, [family]: false } }))).toEqual(['course:postgres', 'course:sql']);
});
