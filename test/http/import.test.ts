import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importInto, type ImportCounts } from '../../src/cli/import.ts';
import { ALL_SIGNALS } from '../../src/core/registry.ts';
import { edges } from '../../src/importers/edges.ts';
import { createReport, type Importer } from '../../src/importers/importer.ts';
import { jobViews } from '../../src/importers/job-views.ts';
import { dwellBucket } from '../../src/journey/layout.ts';
import { createSequenceColumns } from '../../src/journey/sequences.ts';
import type { OpenPlatform } from '../../src/platform/open.ts';
import { openTestPlatform, temporaryFolder } from '../support/real-server.ts';

const folderOf = (files: Readonly<Record<string, string>>): string => {
  const folder = join(temporaryFolder(), 'set');
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
};
const QUIET = { advance: () => undefined, set: () => undefined, end: () => undefined };
const into = (platform: OpenPlatform, importer: Importer, { folder, prefix }: { readonly folder: string; readonly prefix?: string }): Promise<ImportCounts> =>
  importInto(platform, importer.read(folder, { report: createReport(), ...(prefix === undefined ? {} : { prefix }) }), QUIET);

const VIEWS = {
  'job_views.csv': 'Applicant.ID,Job.ID,Position,Company,City,State.Code,Industry,View.Start,View.Duration\n1,9,Server,Diner,Reno,NV,,2014-12-12 20:00:00 UTC,60\n2,9,Server,Diner,Reno,NV,,2014-12-12 21:00:00 UTC,\n',
  'experience.csv': 'Applicant.ID,Position.Name,State.Code,Start.Date,End.Date\n1,Host,CA,2012-05,\n',
  'positions_of_interest.csv': 'Applicant.ID,Position.Of.Interest,Created.At\n1,Server,2014-11-01 10:00:00 UTC\n',
};

test('parts of a network are put together: views keep how long they took, and edges join members that are there', async () => {
  const platform = await openTestPlatform();
  const views = { folder: folderOf(VIEWS) };
  expect(await into(platform, jobViews, views)).toEqual({ entities: 4, events: 2, duplicates: 0 });
  const { catalog, journey } = platform.state;
  const sequence = createSequenceColumns();
  journey.sequences.read(catalog.find('member:applicant-1'), ALL_SIGNALS, sequence);
  expect([sequence.count, sequence.dwell[0], catalog.entities.name(sequence.item[0] ?? -1)]).toEqual([1, dwellBucket(60_000), 'job:job-views-9']);
  journey.sequences.read(catalog.find('member:applicant-2'), ALL_SIGNALS, sequence);
  expect([sequence.count, sequence.dwell[0]]).toEqual([1, 0]);

  const graph = { folder: folderOf({ 'friends.txt': 'applicant-1 applicant-2\napplicant-1 newcomer\n' }), prefix: '' };
  expect(await into(platform, edges, graph)).toMatchObject({ entities: 2 });
  const connected = (id: string): readonly string[] => [...catalog.edges.connected.from.values(catalog.find(`member:${id}`))].map((number) => catalog.entities.name(number)).toSorted();
  expect([connected('applicant-1'), connected('newcomer')]).toEqual([['member:applicant-2', 'member:newcomer'], ['member:applicant-1']]);
  expect((await platform.getEntity('member', 'applicant-1'))?.attributes).toMatchObject({ headline: 'Host', topics: ['Server'], connections: ['member:applicant-2'] });

  // Again changes nothing, whichever comes last.
  expect(await into(platform, edges, graph)).toEqual({ entities: 0, events: 0, duplicates: 0 });
  expect(await into(platform, jobViews, views)).toEqual({ entities: 0, events: 0, duplicates: 2 });
  await platform.close();
});

test('an import that is done again changes nothing', async () => {
  const platform = await openTestPlatform();
  const timed = { folder: folderOf({ 'a2q.txt': '1 2 1254192988\n2 3 1254192999\n' }) };
  const views = { folder: folderOf(VIEWS) };
  await into(platform, edges, timed);
  await into(platform, jobViews, views);
  expect([await into(platform, edges, timed), await into(platform, jobViews, views)]).toEqual([{ entities: 0, events: 0, duplicates: 2 }, { entities: 0, events: 0, duplicates: 2 }]);
  await platform.close();
});
