import { expect, test } from 'vitest';
import { abbreviationOf, readOccupationTechnologies, readOnet } from '../../../src/importers/onet.ts';
import { createReport } from '../../../src/importers/importer.ts';
import { folderOf, readBack, tabs } from './read.ts';

const CODE = 'O*NET-SOC Code';
const FILES = {
  'occupation_data.txt': tabs([CODE, 'Title', 'Description'], ['15-1252.00', 'Software Developers', 'Write "software".'], ['11-1011.00', 'Chief Executives', 'Lead.'], ['nonsense', 'No code', '']),
  'technology_skills.txt': tabs(
    [CODE, 'Example', 'Commodity Code', 'Commodity Title', 'Hot Technology', 'In Demand'], ['15-1252.00', 'Git', '43232201', 'Content workflow software', 'N', 'N'],
    ['15-1252.00', 'Structured query language SQL', '43232306', 'Query software', 'Y', 'Y'], ['11-1011.00', 'Structured query language SQL', '43232306', 'Query software', 'Y', 'N'],
    ['11-1011.00', 'Structure query language SQL', '43232306', 'Query software', 'N', 'N'], ['99-9999.00', 'Git', '43232201', 'Content workflow software', 'N', 'N'],
  ),
  'alternate_titles.txt': tabs([CODE, 'Alternate Title', 'Short Title', 'Source(s)'], ['15-1252.00', 'Application Developer', 'n/a', '08'], ['11-1011.00', 'Chief Executive Officer (CEO)', 'CEO', '08']),
  'related_occupations.txt': tabs([CODE, 'Related O*NET-SOC Code', 'Relatedness Tier', 'Index'], ['11-1011.00', '15-1252.00', 'Primary-Short', '1']),
};

test('technologies are skills under their categories, occupations skills with other titles, related to what they use', async () => {
  const { entities, of, leftOut } = await readBack(readOnet, folderOf(FILES));
  expect(entities.map(({ attributes }) => attributes['name'])).toEqual(['Content workflow software', 'Query software', 'Git', 'Structured query language SQL', 'Structure query language SQL', 'Software Developers', 'Chief Executives']);
  const idOf = (name: string): string => `skill:${entities.find(({ attributes }) => attributes['name'] === name)?.id ?? ''}`;
  expect(of(idOf('Structured query language SQL'))).toEqual({ name: 'Structured query language SQL', aliases: ['SQL', 'Structured query language'], broader: ['skill:onet-c-43232306'] });
  expect(of('skill:onet-o-15-1252.00')).toEqual({ name: 'Software Developers', aliases: ['Application Developer'], about: 'Write "software".', related: [idOf('Structured query language SQL'), idOf('Git')] });
  expect(of('skill:onet-o-11-1011.00')).toMatchObject({ aliases: ['Chief Executive Officer (CEO)', 'Chief Executive Officer', 'CEO'], related: ['skill:onet-o-15-1252.00', idOf('Structured query language SQL'), idOf('Structure query language SQL')] });
  expect(leftOut.map(({ rows, first }) => [rows, first.line])).toEqual([[1, 4], [1, 6]]);
});

test('an abbreviation that two technologies share is that of the one more used', async () => {
  const { entities } = await readBack(readOnet, folderOf(FILES));
  expect(entities.filter(({ attributes }) => (attributes['aliases'] as readonly string[] | undefined)?.includes('SQL') === true).map(({ attributes }) => attributes['name'])).toEqual(['Structured query language SQL']);
});

test.each<readonly [string, readonly string[]]>([
  ['Structured query language SQL', ['SQL', 'Structured query language']], ['Extensible markup language XML', ['XML', 'Extensible markup language']], ['Hypertext markup language HTML', ['HTML', 'Hypertext markup language']],
  ['Oracle JavaServer Pages JSP', ['JSP', 'Oracle JavaServer Pages']], ['Microsoft Dynamics AX', []], ['Sugar CRM', []], ['Microsoft Dynamics CRM', []], ['SAP software', []], ['Git', []],
])('%s is also known as %j', (name, aliases) => { expect(abbreviationOf(name)).toEqual(aliases); });

test('the technologies of each occupation stand together, the most asked for first', async () => {
  expect(await readOccupationTechnologies(folderOf(FILES), createReport())).toEqual([['Structured query language SQL', 'Git'], ['Structured query language SQL', 'Structure query language SQL']]);
});

test('a folder without a file of it is refused with its name and who offers it', async () => {
  const { 'alternate_titles.txt': _, ...others } = FILES;
  await expect(readBack(readOnet, folderOf(others))).rejects.toThrow(/alternate_titles\.txt.*onetcenter\.org/u);
});
