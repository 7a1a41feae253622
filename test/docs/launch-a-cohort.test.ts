import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { PROGRAM } from '../support/real-server.ts';
import { untouched, walk } from './support/tutorial.ts';

interface Card { readonly trackingId: string; readonly item: string }
interface Page { readonly cohorts: readonly { readonly name: string; readonly title: string; readonly items: readonly Card[] }[] }

test('the tutorial launches a cohort with one file: on the page, translated, tracked and under an experiment, and nothing outside the file is written', async () => {
  const before = untouched();
  const { server, files, lines, ms, answers } = await walk('docs/guides/launch-a-cohort.md');
  expect(untouched()).toBe(before);
  const pages = answers.filter((answer) => 'cohorts' in answer) as unknown as readonly Page[];
  // Behind the cohorts that the rules list; first where the experiment says so.
  expect(pages.map(({ cohorts }) => cohorts.map(({ name, title }) => `${name}: ${title}`))).toEqual([
    ['hashtags: Hashtags zum Folgen', 'mentorGroups: Gruppen mit Grace'], ['mentorGroups: Gruppen mit Grace', 'hashtags: Hashtags zum Folgen'],
  ]);
  const { data } = server;
  const joined = await (await fetch(`${server.url}/v1/members/ana/discovery/mentorGroups`)).json() as { readonly cohort: { readonly items: readonly Card[] } };
  expect(joined.cohort.items.map(({ item }) => item)).toEqual(['group:careers']);
  await server.close();
  // What was seen and done on the card joins the page that served it, by its tracking id, under its surface and kind.
  const { impressions, actions, rows } = JSON.parse(spawnSync(process.execPath, [PROGRAM, 'funnel', '--data', data, '--json'], { encoding: 'utf8' }).stdout) as Record<'impressions' | 'actions', { readonly events: number; readonly joined: Readonly<Record<string, number>> }> & { readonly rows: readonly Readonly<Record<string, unknown>>[] };
  expect([impressions, actions]).toMatchObject([{ events: 1, joined: { trackingId: 1 } }, { events: 1, joined: { trackingId: 1 } }]);
  expect(rows.find(({ kind }) => kind === 'group')).toMatchObject({ surface: 'discovery', acted: 1 });
  expect(files).toBe(1);
  expect(lines).toBeLessThanOrEqual(30);
  process.stdout.write(`launch-a-cohort: ${files} file, ${lines} lines, ${(ms / 1000).toFixed(1)} s from the file to the page, 0 lines outside it\n`);
});
