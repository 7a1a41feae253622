/**
 * O*NET (US Department of Labor, CC BY 4.0) as a taxonomy: each technology is a skill under its category, each occupation one with its other
 * titles as aliases, related to the technologies it uses and to the occupations closest to it. Files as the publisher's text download has them.
 */
import { readFirst, refuse, tableOf, type DataSet, type Row, type TableRows } from './files.ts';
import { entity, idOf, line, paragraphs, termsOf, type Imported, type Importer, type Report } from './importer.ts';

const SOURCE: DataSet = { name: 'the O*NET database', offeredAt: 'https://www.onetcenter.org/database.html' };
const CODE = 'O*NET-SOC Code';
const TABLES = {
  occupations: { names: ['occupation_data.txt', 'Occupation Data.txt'], columns: [CODE, 'Title', 'Description'] },
  technologies: { names: ['technology_skills.txt', 'Technology Skills.txt'], columns: [CODE, 'Example', 'Commodity Code', 'Commodity Title', 'Hot Technology', 'In Demand'] },
  titles: { names: ['alternate_titles.txt', 'Alternate Titles.txt'], columns: [CODE, 'Alternate Title', 'Short Title'] },
  related: { names: ['related_occupations.txt', 'Related Occupations.txt'], columns: [CODE, 'Related O*NET-SOC Code', 'Relatedness Tier', 'Index'] },
} as const;
type Tables = Readonly<Record<keyof typeof TABLES, TableRows>>;

const NAME = 120;
const ALIASES = { most: 3000, length: NAME };
/** Of a skill's links: occupations closest to an occupation, and technologies that it uses. */
const CLOSEST = 20;
const USED = 150;

const occupationId = (code: string): string => `onet-o-${code}`;
const technologyId = (name: string): string => `onet-t-${idOf(name)}`;
const groupId = (code: string): string => `onet-c-${code}`;
const refs = (ids: readonly string[]): readonly string[] => ids.map((id) => `skill:${id}`);

const readTables = async (folder: string, report: Report): Promise<Tables> => {
  const read = async (name: keyof typeof TABLES): Promise<TableRows> => tableOf(await readFirst(folder, TABLES[name].names, SOURCE), { columns: TABLES[name].columns, form: 'tabs' }, report);
  return { occupations: await read('occupations'), technologies: await read('technologies'), titles: await read('titles'), related: await read('related') };
};

/** Words whose second letter, or second half, is in their abbreviation. */
const SPELLED: Readonly<Record<string, string>> = { extensible: 'ex', hypertext: 'ht' };
/** First letters of the words of a name, inner capitals included: JavaServer Pages is j, s, p. */
const initialsOf = (words: readonly string[]): string =>
  words.map((word) => SPELLED[word.toLowerCase()] ?? `${word.charAt(0)}${word.slice(1).replace(/[^A-Z]/gu, '')}`).join('').toLowerCase();

/** "Structured query language SQL" is also known as SQL and as Structured query language: O*NET writes abbreviations behind what they are of. */
export const abbreviationOf = (name: string): readonly string[] => {
  const [, long, short] = /^(.+) ([A-Z]{2,8})$/u.exec(name) ?? [];
  if (long === undefined || short === undefined) return [];
  let letters = 0;
  for (const initial of initialsOf(long.split(/[\s/-]+/u))) if (initial === short.charAt(letters).toLowerCase()) letters++;
  return letters === short.length ? [short, long] : [];
};

interface Technology { readonly name: string; readonly groups: Set<string>; users: number }

/** What each occupation uses, the most asked for first. */
interface Uses { readonly technologies: ReadonlyMap<string, Technology>; readonly of: ReadonlyMap<string, readonly string[]>; readonly groups: ReadonlyMap<string, string> }

const readUses = ({ technologies: { file, rows } }: Tables, codes: ReadonlySet<string>, report: Report): Uses => {
  const technologies = new Map<string, Technology>();
  const used = new Map<string, Map<string, number>>();
  const groups = new Map<string, string>();
  for (const row of rows) {
    const name = line(row.get('Example'), NAME);
    const [code, group] = [row.get(CODE), row.get('Commodity Code')];
    if (name === undefined || !codes.has(code) || !/^\d+$/u.test(group)) { report.leaveOut('names no technology, a category that is no number, or an occupation that is not in the list', { file, line: row.line }); continue; }
    const technology = technologies.get(name) ?? { name, groups: new Set<string>(), users: 0 };
    technologies.set(name, technology);
    technology.groups.add(group);
    technology.users++;
    groups.set(group, line(row.get('Commodity Title'), NAME) ?? group);
    const own = used.get(code) ?? new Map<string, number>();
    used.set(code, own.set(name, (row.get('In Demand') === 'Y' ? 2 : 0) + (row.get('Hot Technology') === 'Y' ? 1 : 0)));
  }
  return { technologies, groups, of: new Map([...used].map(([code, own]) => [code, [...own].toSorted(([, a], [, b]) => b - a).map(([name]) => name)])) };
};

/** An abbreviation that several share is that of the one most used. */
const abbreviations = (technologies: ReadonlyMap<string, Technology>): ReadonlyMap<string, Technology> => {
  const owners = new Map<string, Technology>();
  for (const technology of technologies.values()) {
    for (const alias of abbreviationOf(technology.name)) if ((owners.get(alias.toLowerCase())?.users ?? 0) < technology.users) owners.set(alias.toLowerCase(), technology);
  }
  return owners;
};

/** The rows of each occupation in a table, those of unknown ones left out. */
const byCode = ({ file, rows }: TableRows, codes: ReadonlySet<string>, report: Report): ReadonlyMap<string, readonly Row[]> => {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const code = row.get(CODE);
    if (!codes.has(code)) { report.leaveOut('speaks of an occupation that is not in the list', { file, line: row.line }); continue; }
    const group = groups.get(code);
    if (group === undefined) groups.set(code, [row]);
    else group.push(row);
  }
  return groups;
};

/** "Chief Executive Officer (CEO)" with the short title CEO is known by all three. */
const titlesOf = (rows: readonly Row[]): readonly string[] => termsOf(rows.flatMap((row) => {
  const title = row.get('Alternate Title');
  const short = row.get('Short Title');
  return short === 'n/a' || short === '' ? [title] : [title, title.replace(` (${short})`, ''), short];
}), ALIASES);

export const readOnet: Importer['read'] = async function* (folder, { report }): AsyncGenerator<Imported> {
  const tables = await readTables(folder, report);
  const { occupations: { file, rows } } = tables;
  const codes = new Set<string>();
  for (const row of rows) {
    if (/^\d{2}-\d{4}\.\d{2}$/u.test(row.get(CODE)) && row.get('Title').trim() !== '') codes.add(row.get(CODE));
    else report.leaveOut('has no code such as 11-1011.00, or no title', { file, line: row.line });
  }
  if (codes.size === 0) throw refuse(`${file} has no occupation with a code such as 11-1011.00 and a title`, { file });
  const uses = readUses(tables, codes, report);
  const owners = abbreviations(uses.technologies);
  for (const [code, title] of uses.groups) yield entity('skill', groupId(code), { attributes: { name: title } });
  for (const technology of uses.technologies.values()) {
    const aliases = abbreviationOf(technology.name).filter((alias) => owners.get(alias.toLowerCase()) === technology);
    yield entity('skill', technologyId(technology.name), { attributes: { name: technology.name, aliases, broader: refs([...technology.groups].map(groupId)) } });
  }
  const titles = byCode(tables.titles, codes, report);
  const related = byCode(tables.related, codes, report);
  for (const row of rows) {
    const code = row.get(CODE);
    if (!codes.delete(code)) continue;
    const closest = (related.get(code) ?? []).toSorted((a, b) => Number(a.get('Index')) - Number(b.get('Index'))).map((each) => each.get('Related O*NET-SOC Code')).slice(0, CLOSEST);
    yield entity('skill', occupationId(code), {
      attributes: {
        name: line(row.get('Title'), NAME), aliases: titlesOf(titles.get(code) ?? []), about: paragraphs(row.get('Description'), 2600),
        related: refs([...closest.map(occupationId), ...(uses.of.get(code) ?? []).slice(0, USED).map(technologyId)]),
      },
    });
  }
};

export const onet: Importer = { about: 'O*NET: occupations with their titles and technologies, as skills with aliases (occupation_data, technology_skills, alternate_titles, related_occupations)', read: readOnet };

/** The technologies of each occupation, for who learns from them directly. */
export const readOccupationTechnologies = async (folder: string, report: Report): Promise<readonly (readonly string[])[]> => {
  const tables = await readTables(folder, report);
  return [...readUses(tables, new Set(tables.occupations.rows.map((row) => row.get(CODE))), report).of.values()];
};
