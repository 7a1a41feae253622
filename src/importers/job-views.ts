/**
 * A log of job views (Kaggle, kandij: a US site for hourly work, winter 2014): applicants with their past positions and what they wish for,
 * jobs with their companies, and who looked at what for how long. A wish and a job's title are topics, so that one finds the other.
 */
import { readFirst, tableOf, type DataSet, type Row, type TableRows } from './files.ts';
import { createKeys, entity, idOf, line, termsOf, type Imported, type Importer, type Report } from './importer.ts';

const SOURCE: DataSet = { name: 'the job views', offeredAt: 'https://www.kaggle.com/datasets/kandij/job-recommendation-datasets' };
const WHO = 'Applicant.ID';
const TABLES = {
  views: { names: ['job_views.csv', 'Job_Views.csv'], columns: [WHO, 'Job.ID', 'Position', 'Company', 'City', 'State.Code', 'Industry', 'View.Start', 'View.Duration'] },
  positions: { names: ['experience.csv', 'Experience.csv'], columns: [WHO, 'Position.Name', 'State.Code', 'Start.Date', 'End.Date'] },
  wishes: { names: ['positions_of_interest.csv', 'Positions_Of_Interest.csv'], columns: [WHO, 'Position.Of.Interest', 'Created.At'] },
} as const;

const TOPICS = { most: 20, length: 60 };
const POSITIONS = 50;
const LONGEST_MS = 86_400_000;
const FIRST_YEAR = 1930;
const LAST_YEAR = 2035;

/** "2014-12-12 20:12:35 UTC" in ms; undefined where it is none. */
const timeOf = (text: string): number | undefined => {
  const parts = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/u.exec(text.trim());
  const at = parts === null ? Number.NaN : Date.parse(`${parts[1] ?? ''}T${parts[2] ?? ''}Z`);
  return Number.isFinite(at) ? at : undefined;
};
const monthOf = (text: string): string | undefined => {
  const [, month, year] = /^((\d{4})-(?:0[1-9]|1[0-2]))(?:-\d\d)?$/u.exec(text.trim()) ?? [];
  return month !== undefined && Number(year) >= FIRST_YEAR && Number(year) <= LAST_YEAR ? month : undefined;
};
const isId = (text: string): boolean => /^\d{1,12}$/u.test(text.trim());
const memberId = (row: Row): string => `applicant-${row.get(WHO).trim()}`;
const companyId = (name: string): string => `job-views-${idOf(name.toLowerCase())}`;

interface Position { readonly title: string; readonly place?: string; readonly from?: string; readonly to?: string }
interface Applicant { readonly positions: Position[]; readonly wishes: string[]; at: number }
interface View { readonly at: number; readonly row: Row }

const createApplicants = (): { readonly all: Map<string, Applicant>; of(row: Row, at: number): Applicant } => {
  const all = new Map<string, Applicant>();
  return {
    all,
    of: (row, at) => {
      const known = all.get(memberId(row));
      if (known === undefined) {
        const made: Applicant = { positions: [], wishes: [], at };
        all.set(memberId(row), made);
        return made;
      }
      known.at = Math.min(known.at, at);
      return known;
    },
  };
};

const readViews = ({ file, rows }: TableRows, report: Report): readonly View[] => rows.flatMap((row): View[] => {
  const at = timeOf(row.get('View.Start'));
  if (at === undefined) report.leaveOut('View.Start is no time such as 2014-12-12 20:12:35 UTC', { file, line: row.line, field: 'View.Start' });
  else if (!isId(row.get(WHO)) || !isId(row.get('Job.ID'))) report.leaveOut('has an applicant or a job that is no number', { file, line: row.line });
  else return [{ at, row }];
  return [];
}).toSorted((a, b) => a.at - b.at);

/** @returns undefined where there is no title */
const positionOf = (row: Row, { file, report }: { readonly file: string; readonly report: Report }): Position | undefined => {
  const title = line(row.get('Position.Name'), 200);
  if (title === undefined) { report.leaveOut('has no title', { file, line: row.line, field: 'Position.Name' }); return undefined; }
  const place = line(row.get('State.Code'), 120);
  const [from, to] = [monthOf(row.get('Start.Date')), monthOf(row.get('End.Date'))];
  const isWrong = (from !== undefined && to !== undefined && from > to) || (row.get('Start.Date') !== '' && from === undefined) || (row.get('End.Date') !== '' && to === undefined);
  if (isWrong) report.leaveOut('ends before it begins, or in no month that can be: the position is taken without its dates', { file, line: row.line });
  return { title, ...(place === undefined ? {} : { place }), ...(isWrong || from === undefined ? {} : { from }), ...(isWrong || to === undefined ? {} : { to }) };
};

/** The newest first: what goes on, then what ended last. */
const newestFirst = (a: Position, b: Position): number => {
  const ends = ({ from, to }: Position): string => to ?? (from === undefined ? '' : '9999');
  return ends(b).localeCompare(ends(a)) || (b.from ?? '').localeCompare(a.from ?? '');
};

const memberOf = (id: string, { positions, wishes, at }: Applicant): Imported => {
  const [latest, ...others] = positions.toSorted(newestFirst);
  return entity('member', id, {
    at, attributes: { headline: line(latest?.title ?? '', 220), place: latest?.place, topics: termsOf(wishes, TOPICS), positions: latest === undefined ? [] : [latest, ...others].slice(0, POSITIONS) },
  });
};

const jobOf = (row: Row, at: number): Imported => {
  const company = row.get('Company').trim();
  return entity('job', `job-views-${row.get('Job.ID').trim()}`, {
    at, attributes: {
      title: line(row.get('Position'), 200), company: company === '' ? undefined : `company:${companyId(company)}`, place: line([row.get('City'), row.get('State.Code')].filter((part) => part.trim() !== '').join(', '), 120),
      topics: termsOf([row.get('Position'), row.get('Industry')], TOPICS),
    },
  });
};

/** Views in order of time, each job and company just before the first of them. */
function* eventsOf(views: readonly View[]): Generator<Imported> {
  const seen = new Set<string>();
  const keyOf = createKeys();
  const isNew = (key: string): boolean => !seen.has(key) && seen.add(key).has(key);
  for (const { at, row } of views) {
    const [company, job] = [row.get('Company').trim(), row.get('Job.ID').trim()];
    if (company !== '' && isNew(`company ${companyId(company)}`)) yield entity('company', companyId(company), { at, attributes: { name: line(company, 120) } });
    if (isNew(`job ${job}`)) yield jobOf(row, at);
    const seconds = row.get('View.Duration').trim();
    const visibleMs = Math.min(LONGEST_MS, Math.round(Number(seconds) * 1000));
    yield {
      type: 'event', event: {
        type: 'action', id: `job-views-${keyOf(memberId(row), job, String(at))}`, member: `member:${memberId(row)}`, item: `job:job-views-${job}`, at: new Date(at).toISOString(), action: 'view', surface: 'jobs',
        ...(seconds !== '' && visibleMs >= 0 ? { visibleMs } : {}),
      },
    };
  }
}

export const readJobViews: Importer['read'] = async function* (folder, { report }): AsyncGenerator<Imported> {
  const read = async (name: keyof typeof TABLES): Promise<TableRows> => tableOf(await readFirst(folder, TABLES[name].names, SOURCE), { columns: TABLES[name].columns, form: 'commas' }, report);
  const [views, positions, wishes] = [readViews(await read('views'), report), await read('positions'), await read('wishes')];
  // Positions have months and no moment at which they were told: whoever did nothing else was there when the log begins.
  const begins = views[0]?.at ?? 0;
  const applicants = createApplicants();
  for (const { at, row } of views) applicants.of(row, at);
  for (const row of wishes.rows) {
    const at = timeOf(row.get('Created.At'));
    if (!isId(row.get(WHO)) || at === undefined) report.leaveOut('has an applicant that is no number, or no time at which it was wished', { file: wishes.file, line: row.line });
    else applicants.of(row, at).wishes.push(row.get('Position.Of.Interest'));
  }
  for (const row of positions.rows) {
    const position = positionOf(row, { file: positions.file, report });
    if (!isId(row.get(WHO))) report.leaveOut('has an applicant that is no number', { file: positions.file, line: row.line });
    else if (position !== undefined) applicants.of(row, begins).positions.push(position);
  }
  for (const [id, applicant] of [...applicants.all].toSorted(([, a], [, b]) => a.at - b.at)) yield memberOf(id, applicant);
  yield* eventsOf(views);
};

export const jobViews: Importer = { about: 'job views of 2014: applicants with positions and wishes, jobs, and who looked at what for how long (job_views, experience, positions_of_interest)', read: readJobViews };
