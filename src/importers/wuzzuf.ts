/** Wuzzuf job postings: companies, and their jobs with skills, categories, place and pay. Postings have no dates: they are as old as their import. */
import { readFirst, tableOf, type DataSet, type Row, type TableRows } from './files.ts';
import { entity, idOf, line, paragraphs, termsOf, type Imported, type Importer, type Report } from './importer.ts';

const SOURCE: DataSet = { name: 'the Wuzzuf job postings', offeredAt: 'https://github.com/mohanadabouserie/JobPostings_MySQL_Database' };
const KEY = ['job_title', 'company_name'] as const;
const TABLES = {
  companies: { file: 'companies.csv', columns: ['company_name', 'about', 'city', 'country'] },
  industries: { file: 'company_industries.csv', columns: ['company_name', 'industry'] },
  jobs: { file: 'job_postings.csv', columns: [...KEY, 'min_salary', 'max_salary', 'job_description', 'job_requirements', 'Location_Part1', 'Location_Part2'] },
  skills: { file: 'job_skills.csv', columns: [...KEY, 'job_skill'] },
  categories: { file: 'job_categories.csv', columns: [...KEY, 'job_category'] },
  types: { file: 'job_types.csv', columns: [...KEY, 'job_type'] },
} as const;
type Tables = Readonly<Record<keyof typeof TABLES, TableRows>>;

const SKILLS = { most: 50, length: 80 };
const TOPICS = { most: 20, length: 60 };
/** Postings name no currency; in Egypt, where the board is at home, pay is a month's in pounds. Elsewhere it could be anything, and is left out. */
const EGYPT: ReadonlySet<string> = new Set((
  'Egypt,Alexandria,Aswan,Assiut,Beheira,Beni Suef,Cairo,Dakahlia,Damietta,Fayoum,Gharbia,Giza,Ismailia,Kafr Alsheikh,Luxor,Matruh,Minya,Monufya,New Valley,North Sinai,Port Said,Qalubia,Qena,'
  + 'Red Sea,Sharqia,Sohag,South Sinai,Suez'
).split(','));

const companyId = (name: string): string => `wuzzuf-${idOf(name)}`;
const keyOf = (row: Row): string => JSON.stringify(KEY.map((column) => row.get(column)));
const places = (...parts: readonly string[]): string | undefined => line([...new Set(parts.filter((part) => part.trim() !== ''))].join(', '), 120);

/** The values of a table by what they belong to; those of what is not there are left out. */
const valuesBy = <Key>({ file, rows }: TableRows, column: string, { of, known, report }: { readonly of: (row: Row) => Key; readonly known: ReadonlySet<Key>; readonly report: Report }): ReadonlyMap<Key, readonly string[]> => {
  const found = new Map<Key, string[]>();
  for (const row of rows) {
    const key = of(row);
    if (!known.has(key)) { report.leaveOut('belongs to a posting or a company that is not there', { file, line: row.line }); continue; }
    const list = found.get(key);
    if (list === undefined) found.set(key, [row.get(column)]);
    else list.push(row.get(column));
  }
  return found;
};

const payOf = (row: Row): object | undefined => {
  const [min, max] = [Number(row.get('min_salary')), Number(row.get('max_salary'))];
  return min > 0 && max >= min && Number.isFinite(max) && EGYPT.has(row.get('Location_Part2').trim()) ? { min, max, currency: 'EGP', per: 'month' } : undefined;
};

const readTables = async (folder: string, report: Report): Promise<Tables> => {
  const read = async (name: keyof typeof TABLES): Promise<TableRows> => tableOf(await readFirst(folder, [TABLES[name].file], SOURCE), { columns: TABLES[name].columns, form: 'commas' }, report);
  return { companies: await read('companies'), industries: await read('industries'), jobs: await read('jobs'), skills: await read('skills'), categories: await read('categories'), types: await read('types') };
};

/** Rows that say what must be said, once each. */
const distinct = ({ file, rows }: TableRows, { needs, of, report }: { readonly needs: readonly string[]; readonly of: (row: Row) => string; readonly report: Report }): ReadonlyMap<string, Row> => {
  const kept = new Map<string, Row>();
  for (const row of rows) {
    const lacking = needs.find((column) => line(row.get(column), 1) === undefined);
    if (lacking !== undefined) report.leaveOut(`has no ${lacking}`, { file, line: row.line, field: lacking });
    else if (kept.has(of(row))) report.leaveOut('repeats a row before it', { file, line: row.line });
    else kept.set(of(row), row);
  }
  return kept;
};

const checkPay = ({ file, rows }: TableRows, report: Report): void => {
  for (const row of rows) {
    for (const field of ['min_salary', 'max_salary']) if (!/^-?\d{1,9}(?:\.\d+)?$/u.test(row.get(field))) report.leaveOut(`${field} is no number: the job is taken without its pay`, { file, line: row.line, field });
  }
};

export const readWuzzuf: Importer['read'] = async function* (folder, { report }): AsyncGenerator<Imported> {
  const tables = await readTables(folder, report);
  const companies = distinct(tables.companies, { needs: ['company_name'], of: (row) => row.get('company_name'), report });
  const jobs = distinct(tables.jobs, { needs: KEY, of: keyOf, report });
  checkPay(tables.jobs, report);
  const ofJob = { of: keyOf, known: new Set(jobs.keys()), report };
  const industries = valuesBy(tables.industries, 'industry', { of: (row) => row.get('company_name'), known: new Set(companies.keys()), report });
  const [skills, categories, types] = [valuesBy(tables.skills, 'job_skill', ofJob), valuesBy(tables.categories, 'job_category', ofJob), valuesBy(tables.types, 'job_type', ofJob)];
  for (const [name, row] of companies) {
    const [first, ...others] = industries.get(name) ?? [];
    yield entity('company', companyId(name), {
      attributes: { name: line(name, 120), about: paragraphs(row.get('about'), 2600), industry: line(first ?? '', 80), place: places(row.get('city'), row.get('country')), topics: termsOf(others, TOPICS) },
    });
  }
  for (const [key, row] of jobs) {
    const asked = skills.get(key) ?? [];
    if (new Set(asked).size > SKILLS.most) report.leaveOut(`asks for more than ${SKILLS.most} skills: the first ${SKILLS.most} are taken`, { file: tables.jobs.file, line: row.line });
    yield entity('job', `wuzzuf-${idOf(key)}`, {
      attributes: {
        title: line(row.get('job_title'), 200), company: `company:${companyId(row.get('company_name'))}`, place: places(row.get('Location_Part1'), row.get('Location_Part2')),
        description: paragraphs(`${row.get('job_description')}\n\n${row.get('job_requirements')}`, 20_000), skills: termsOf(asked, SKILLS), topics: termsOf(categories.get(key) ?? [], TOPICS),
        mode: types.get(key)?.includes('Work From Home') === true ? 'remote' : undefined, pay: payOf(row),
      },
    });
  }
};

export const wuzzuf: Importer = { about: 'Wuzzuf job postings: companies, and jobs with skills, place and pay (job_postings, job_skills, job_categories, job_types, companies, company_industries)', read: readWuzzuf };
