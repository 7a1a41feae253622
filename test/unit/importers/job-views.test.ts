import { expect, test } from 'vitest';
import { readJobViews } from '../../../src/importers/job-views.ts';
import { folderOf, lines, readBack } from './read.ts';

const VIEWS = 'Applicant.ID,Job.ID,Title,Position,Company,City,State.Code,Industry,View.Start,View.End,View.Duration';
const FILES = {
  'job_views.csv': lines(
    VIEWS, '2,9,Server @ Diner,Server,Diner,Reno,NV,Food,2014-12-13 08:00:00 UTC,,', '1,9,Server @ Diner,Server,Diner,Reno,NV,Food,2014-12-12 20:00:00 UTC,2014-12-12 20:01:00 UTC,60',
    '1,9,Server @ Diner,Server,Diner,Reno,NV,Food,2014-12-12 20:00:00 UTC,,', '1,8,Cook,Cook,,Reno,NV,,yesterday,,5', 'x,8,Cook,Cook,,Reno,NV,,2014-12-12 20:00:00 UTC,,5',
  ),
  'experience.csv': lines('Applicant.ID,Position.Name,State.Code,Start.Date,End.Date', '1,Dishwasher,NV,2010-01,2012-04', '1,Host,CA,2012-05,', '1,Waiter,,,', '3,Driver,TX,2012-10,2011-01', '3,,TX,,'),
  'positions_of_interest.csv': lines('Applicant.ID,Position.Of.Interest,Created.At', '1,Server,2014-11-01 10:00:00 UTC', '1,server,2014-11-02 10:00:00 UTC', '4,Bartender,never'),
};

test('applicants have positions and wishes, jobs their companies, and views how long they took', async () => {
  const { of, events, entities, leftOut } = await readBack(readJobViews, folderOf(FILES));
  expect(of('member:applicant-1')).toEqual({
    headline: 'Host', place: 'CA', topics: ['Server'],
    positions: [{ title: 'Host', place: 'CA', from: '2012-05' }, { title: 'Dishwasher', place: 'NV', from: '2010-01', to: '2012-04' }, { title: 'Waiter' }],
  });
  expect(of('member:applicant-3')).toEqual({ headline: 'Driver', place: 'TX', positions: [{ title: 'Driver', place: 'TX' }] });
  expect(of('job:job-views-9')).toMatchObject({ title: 'Server', place: 'Reno, NV', topics: ['Server', 'Food'], company: expect.stringMatching(/^company:job-views-/u) as string });
  expect(events.map(({ member, item, at, action, visibleMs }) => [member, item, at, action, visibleMs])).toEqual([
    ['member:applicant-1', 'job:job-views-9', '2014-12-12T20:00:00.000Z', 'view', 60_000], ['member:applicant-1', 'job:job-views-9', '2014-12-12T20:00:00.000Z', 'view', undefined],
    ['member:applicant-2', 'job:job-views-9', '2014-12-13T08:00:00.000Z', 'view', undefined],
  ]);
  expect(new Set(events.map(({ id }) => id)).size).toBe(3);
  expect(entities.find(({ id }) => id === 'applicant-1')?.createdAt).toBe('2014-11-01T10:00:00.000Z');
  expect(leftOut.map(({ rows, first }) => [rows, first.line])).toEqual([[1, 5], [1, 6], [1, 4], [1, 5], [1, 6]]);
});

test('what it hands on is the same each time, and in order of time', async () => {
  const [one, other] = [await readBack(readJobViews, folderOf(FILES)), await readBack(readJobViews, folderOf(FILES))];
  expect([one.entities, one.events]).toEqual([other.entities, other.events]);
  expect(one.events.map(({ at }) => at)).toEqual(one.events.map(({ at }) => at).toSorted());
});

test('a folder without a file of it is refused with its name and who offers it', async () => {
  const { 'experience.csv': _, ...others } = FILES;
  await expect(readBack(readJobViews, folderOf(others))).rejects.toThrow(/experience\.csv.*kaggle\.com/u);
});
