/**
 * ESCO (European Commission, reuse with acknowledgement) as a taxonomy: skills, groups of skills and occupations with their other labels,
 * each under what is broader. Files as the publisher's CSV download has them; any language's, by the end of their names.
 */
import { readFirst, readOne, refuse, tableOf, type DataSet, type Row, type TableRows } from './files.ts';
import { entity, line, paragraphs, termsOf, type Imported, type Importer, type Report } from './importer.ts';
import { join } from 'node:path';

const SOURCE: DataSet = { name: 'ESCO', offeredAt: 'https://esco.ec.europa.eu/en/use-esco/download' };
const NAME = 120;
const ALIASES = { most: 3000, length: NAME };
const BROADER = 20;

/** What an entry says, gathered from every file that speaks of it. */
interface Entry { name: string; readonly aliases: string[]; readonly broader: Set<string>; about: string }

/** The last part of a concept's address: `S1.5.0`, `isced-f-0300`, `isco-C0`, or its UUID. */
const idOf = (uri: string): string | undefined => {
  const [, path] = /^https?:\/\/data\.europa\.eu\/esco\/(.+)$/u.exec(uri.trim()) ?? [];
  if (path === undefined) return undefined;
  const id = `esco-${path.replace(/^(?:skill|occupation)\//u, '').replace(/\//gu, '-')}`;
  return /^[\w.-]{1,100}$/u.test(id) ? id : undefined;
};
const labels = (text: string): readonly string[] => text.split(/\n|\s\|\s/u);

interface Gathered { readonly entries: Map<string, Entry>; readonly report: Report }

const entryOf = ({ entries }: Gathered, id: string, name: string): Entry => {
  const known = entries.get(id);
  if (known !== undefined) return known;
  const made: Entry = { name, aliases: [], broader: new Set(), about: '' };
  entries.set(id, made);
  return made;
};

/** Takes a table of concepts; what each is under comes from `above`. */
const gather = (into: Gathered, { file, rows }: TableRows, above: (row: Row) => readonly string[] = () => []): void => {
  for (const row of rows) {
    const id = idOf(row.get('conceptUri'));
    const name = line(row.get('preferredLabel'), NAME);
    if (id === undefined || name === undefined) { into.report.leaveOut('has no label, or an address that is none of ESCO', { file, line: row.line }); continue; }
    const entry = entryOf(into, id, name);
    entry.aliases.push(...labels(row.get('altLabels')));
    entry.about ||= row.get('description');
    for (const other of above(row)) { const under = idOf(other); if (under !== undefined && under !== id) entry.broader.add(under); }
  }
};

const LEVELS = [0, 1, 2, 3] as const;
/** Each row of the hierarchy is a path down to a group: each of its groups is under the one before. */
const gatherHierarchy = (into: Gathered, { file, rows }: TableRows): void => {
  for (const row of rows) {
    let over: string | undefined;
    for (const level of LEVELS) {
      const id = idOf(row.get(`Level ${level} URI`));
      const name = line(row.get(`Level ${level} preferred term`), NAME);
      if (id === undefined || name === undefined) {
        if (level === 0) into.report.leaveOut('has no group that is one of ESCO', { file, line: row.line });
        break;
      }
      const entry = entryOf(into, id, name);
      if (over !== undefined && over !== id) entry.broader.add(over);
      over = id;
    }
  }
};

const CONCEPT = ['conceptUri', 'preferredLabel', 'altLabels'] as const;
const COLLECTIONS = ['ictSkillsCollection', 'transversalSkillsCollection', 'languageSkillsCollection', 'digitalSkillsCollection', 'greenSkillsCollection'] as const;

export const readEsco: Importer['read'] = async function* (folder, { report }): AsyncGenerator<Imported> {
  const into: Gathered = { entries: new Map(), report };
  const read = async (names: readonly string[], columns: readonly string[]): Promise<TableRows> => tableOf(await readFirst(folder, names, SOURCE), { columns, form: 'commas' }, report);
  gather(into, await read(['skillGroups_en.csv'], CONCEPT));
  gatherHierarchy(into, await read(['skillsHierarchy_en.csv'], LEVELS.flatMap((level) => [`Level ${level} URI`, `Level ${level} preferred term`])));
  gather(into, await read(['skills_en.csv', 'skills_en_compact.csv'], CONCEPT));
  for (const name of COLLECTIONS) {
    for (const ending of ['csv', 'csv.gz']) {
      const found = await readOne(join(folder, `${name}_en.${ending}`));
      if (found !== undefined) gather(into, tableOf(found, { columns: [...CONCEPT, 'broaderConceptUri'], form: 'commas' }, report), (row) => labels(row.get('broaderConceptUri')));
    }
  }
  const groups = await read(['ISCOGroups_en.csv'], [...CONCEPT, 'code']);
  const uriOf = new Map(groups.rows.map((row) => [row.get('code').trim(), row.get('conceptUri')]));
  const groupOver = (code: string): readonly string[] => { const uri = uriOf.get(code); return uri === undefined ? [] : [uri]; };
  gather(into, groups, (row) => groupOver(row.get('code').trim().slice(0, -1)));
  gather(into, await read(['occupations_en.csv'], [...CONCEPT, 'iscoGroup']), (row) => groupOver(row.get('iscoGroup').trim()));
  if (into.entries.size === 0) throw refuse(`${folder} has files of ESCO without a single concept that can be read`, { file: folder });
  for (const [id, { name, aliases, broader, about }] of into.entries) {
    const others = termsOf(aliases, ALIASES).filter((alias) => alias.toLowerCase() !== name.toLowerCase());
    yield entity('skill', id, { attributes: { name, aliases: others, broader: [...broader].slice(0, BROADER).map((other) => `skill:${other}`), about: paragraphs(about, 2600) } });
  }
};

export const esco: Importer = { about: 'ESCO: skills, groups of skills and occupations with their other labels, as skills (skills_en, skillGroups_en, skillsHierarchy_en, occupations_en, ISCOGroups_en, collections)', read: readEsco };
