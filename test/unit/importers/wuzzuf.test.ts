import { expect, test } from 'vitest';
import { readWuzzuf } from '../../../src/importers/wuzzuf.ts';
import { folderOf, lines, readBack } from './read.ts';

const FILES = {
  'companies.csv': lines('company_name,foundation_date,about,city,country', 'Acme,2003,"Makes\nthings.",Cairo,Egypt', 'Other,-1,,Dubai,United Arab Emirates', ',1,,,'),
  'company_industries.csv': lines('company_name,industry', 'Acme,Software', 'Acme,Services', 'Nobody,Software'),
  'job_postings.csv': lines(
    'job_title,experience_needed,min_salary,max_salary,job_description,job_requirements,company_name,Location_Part1,Location_Part2', 'Engineer,3,9000,12000,"Build\u0007 it.","Know\r\nmuch.",Acme,Maadi,Cairo',
    'Seller,-1,4000,6000,,,Other,Dubai,United Arab Emirates', 'Engineer,3,-1,-1,Again,,Acme,Cairo,Egypt', 'Clerk,1,many,-1,,,Acme,Cairo,Egypt', 'Broken,1',
  ),
  'job_skills.csv': lines('job_title,company_name,job_skill', 'Engineer,Acme,java', 'Engineer,Acme,Java', 'Engineer,Acme,sql', 'Ghost,Acme,sql', ...Array.from({ length: 60 }, (_, i) => `Seller,Other,skill ${i}`)),
  'job_categories.csv': lines('job_title,company_name,job_category', 'Engineer,Acme,IT/Software Development'),
  'job_types.csv': lines('job_title,company_name,job_type', 'Engineer,Acme,Full Time', 'Engineer,Acme,Work From Home'),
};

test('postings are jobs of their companies, with skills, categories, place, mode and pay', async () => {
  const { entities, leftOut } = await readBack(readWuzzuf, folderOf(FILES));
  const [acme, other, engineer, seller, clerk] = entities;
  expect(entities).toHaveLength(5);
  expect(acme).toMatchObject({ kind: 'company', attributes: { name: 'Acme', about: 'Makes\nthings.', industry: 'Software', topics: ['Services'], place: 'Cairo, Egypt' } });
  expect(engineer).toMatchObject({ kind: 'job', attributes: { title: 'Engineer', company: `company:${acme?.id ?? ''}`, description: 'Build  it.\n\nKnow\nmuch.', place: 'Maadi, Cairo', mode: 'remote', skills: ['java', 'sql'], topics: ['IT/Software Development'], pay: { min: 9000, max: 12_000, currency: 'EGP', per: 'month' } } });
  // Outside Egypt nobody says in which currency.
  expect(seller?.attributes).toEqual({ title: 'Seller', company: `company:${other?.id ?? ''}`, place: 'Dubai, United Arab Emirates', skills: Array.from({ length: 50 }, (_, i) => `skill ${i}`) });
  expect(clerk?.attributes).not.toHaveProperty('pay');
  expect(leftOut.map(({ why, rows }) => `${rows} ${why.replace(/:.*/u, '')}`).toSorted()).toEqual([
    '1 asks for more than 50 skills', '1 has 2 fields where 9 belong', '1 has no company_name', '1 min_salary is no number', '1 repeats a row before it', '2 belongs to a posting or a company that is not there',
  ]);
});

test('ids depend on the posting alone, whatever stands around it', async () => {
  const ids = async (postings: string): Promise<readonly string[]> => (await readBack(readWuzzuf, folderOf({ ...FILES, 'job_postings.csv': postings }))).entities.filter(({ kind }) => kind === 'job').map(({ id }) => id);
  const [header = ''] = FILES['job_postings.csv'].split('\n');
  const seller = 'Seller,-1,4000,6000,,,Other,Dubai,United Arab Emirates';
  const [, engineers] = await ids(FILES['job_postings.csv']);
  expect(await ids(lines(header, seller))).toEqual([engineers]);
});

test('a folder without a file of it is refused with its name and who offers it', async () => {
  const { 'job_skills.csv': _, ...others } = FILES;
  await expect(readBack(readWuzzuf, folderOf(others))).rejects.toThrow(/job_skills\.csv.*github\.com/u);
});
