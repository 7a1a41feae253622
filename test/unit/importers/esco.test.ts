import { expect, test } from 'vitest';
import { readEsco } from '../../../src/importers/esco.ts';
import { folderOf, lines, readBack } from './read.ts';

const AT = 'http://data.europa.eu/esco';
const LEVELS = [0, 1, 2, 3].flatMap((level) => [`Level ${level} URI`, `Level ${level} preferred term`]).join(',');
const FILES = {
  'skillGroups_en.csv': lines('conceptType,conceptUri,preferredLabel,altLabels,description', `SkillGroup,${AT}/skill/S1,communication,,Speaking`, `SkillGroup,${AT}/isced-f/0300,social sciences,,`),
  'skillsHierarchy_en.csv': lines(LEVELS, `${AT}/skill/S,skills,${AT}/skill/S1,communication,${AT}/skill/S1.5,advising,,`),
  'skills_en_compact.csv': lines('conceptUri,reuseLevel,preferredLabel,altLabels', `${AT}/skill/aa-1,transversal,give advice ,"advise others`, 'give advice', `counsel, at length"`, 'http://elsewhere.org/2,,nothing,', `${AT}/skill/aa-2,cross-sector,,x`),
  'transversalSkillsCollection_en.csv': lines('conceptUri,preferredLabel,altLabels,description,broaderConceptUri', `${AT}/skill/aa-1,give advice,guide | advise others,Advise.,${AT}/skill/S1.5 | ${AT}/skill/S1`),
  'ISCOGroups_en.csv': lines('conceptUri,code,preferredLabel,altLabels,description', `${AT}/isco/C2,2,Professionals,,`, `${AT}/isco/C21,21,Engineers,,Build`),
  'occupations_en.csv': lines('conceptUri,iscoGroup,preferredLabel,altLabels,description', `${AT}/occupation/bb-1,21,mechanical engineer,"machine engineer`, 'engine designer",Designs machines.'),
};

test('skills, their groups and occupations are skills with their other labels, under what is broader', async () => {
  const { of, entities, leftOut } = await readBack(readEsco, folderOf(FILES));
  expect(of('skill:esco-aa-1')).toEqual({ name: 'give advice', aliases: ['advise others', 'counsel, at length', 'guide'], broader: ['skill:esco-S1.5', 'skill:esco-S1'], about: 'Advise.' });
  expect(of('skill:esco-S1.5')).toEqual({ name: 'advising', broader: ['skill:esco-S1'] });
  expect(of('skill:esco-S1')).toMatchObject({ name: 'communication', broader: ['skill:esco-S'], about: 'Speaking' });
  expect(of('skill:esco-bb-1')).toEqual({ name: 'mechanical engineer', aliases: ['machine engineer', 'engine designer'], broader: ['skill:esco-isco-C21'], about: 'Designs machines.' });
  expect(of('skill:esco-isco-C21')).toMatchObject({ broader: ['skill:esco-isco-C2'] });
  expect(of('skill:esco-isced-f-0300')).toEqual({ name: 'social sciences' });
  expect(entities).toHaveLength(8);
  // A record over several lines is named by its first.
  expect(leftOut.map(({ rows, first }) => [rows, first.line])).toEqual([[2, 5]]);
});

test('a folder without a file of it is refused with its name and who offers it', async () => {
  const { 'skillsHierarchy_en.csv': _, ...others } = FILES;
  await expect(readBack(readEsco, folderOf(others))).rejects.toThrow(/skillsHierarchy_en\.csv.*esco\.ec\.europa\.eu/u);
});
