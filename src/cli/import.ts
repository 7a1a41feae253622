/** `throughline import <name> <folder>`: a data set into a store, as history. Doing it again changes nothing. */
import { isDeepStrictEqual } from 'node:util';
import { Command } from 'commander';
import { readDeskdrop } from '../importers/deskdrop.ts';
import { edges } from '../importers/edges.ts';
import { esco } from '../importers/esco.ts';
import { createReport, type Imported, type ImportedEntity, type Importer, type LeftOut } from '../importers/importer.ts';
import { jobViews } from '../importers/job-views.ts';
import { onet } from '../importers/onet.ts';
import { wuzzuf } from '../importers/wuzzuf.ts';
import { feedOptions, loadConfig } from '../config.ts';
import { ThroughlineError } from '../core/errors.ts';
import { openPlatform, type OpenPlatform } from '../platform/open.ts';
import type { BatchOutcome } from '../platform/api.ts';
import type { EntityInput } from '../catalog/records.ts';
import { dataFolder, DEFAULT_DATA, print, printJson, type CommonOptions } from './common.ts';
import { createProgress, type Bar } from './progress.ts';

/** A new importer is a file and a row here. */
const IMPORTERS: Readonly<Record<string, Importer>> = {
  deskdrop: { about: 'CI&T Deskdrop: users_interactions.csv or .csv.gz', read: readDeskdrop },
  'job-views': jobViews, wuzzuf, onet, esco, edges,
};

const BATCH = 5000;

export interface ImportCounts { entities: number; events: number; duplicates: number }

/** What another import added to it does not make it another. */
const isSame = (known: EntityInput, entity: EntityInput): boolean =>
  Object.entries(entity.attributes).every(([name, value]) => isDeepStrictEqual(known.attributes[name], value)) && (entity.createdAt === undefined || Date.parse(known.createdAt ?? '') === Date.parse(entity.createdAt));

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** What is to be written of an entity: nothing where it is there already, and where it joins one, that one with longer lists. */
const fresh = async (platform: OpenPlatform, { entity, joins }: ImportedEntity): Promise<readonly EntityInput[]> => {
  const known = await platform.getEntity(entity.kind, entity.id);
  if (known === undefined) return [entity];
  if (joins === undefined) return isSame(known, entity) ? [] : [entity];
  const longer = Object.fromEntries(joins.map((name) => [name, [...new Set([...listed(known.attributes[name]), ...listed(entity.attributes[name])])]]));
  if (joins.every((name) => listed(known.attributes[name]).length === longer[name]?.length)) return [];
  return [{ kind: entity.kind, id: entity.id, createdAt: known.createdAt, attributes: { ...known.attributes, ...longer } }];
};

const check = (outcome: BatchOutcome): BatchOutcome => {
  const [first] = outcome.rejected;
  if (first !== undefined) throw new ThroughlineError(first.code, `the importer made a record that the store refuses: ${first.detail}`);
  return outcome;
};

/** Writes what an importer reads, in its order, in batches. */
export const importInto = async (platform: OpenPlatform, source: AsyncIterable<Imported>, bar: Bar): Promise<ImportCounts> => {
  const counts: ImportCounts = { entities: 0, events: 0, duplicates: 0 };
  let entities: ImportedEntity[] = [];
  let events: unknown[] = [];
  const flush = async (): Promise<void> => {
    const written: EntityInput[] = [];
    for (const imported of entities) written.push(...await fresh(platform, imported));
    counts.entities += check(await platform.putEntities(written)).accepted;
    const outcome = check(await platform.recordEvents(events, { history: true }));
    counts.events += outcome.accepted;
    counts.duplicates += outcome.duplicates;
    entities = [];
    events = [];
    bar.set(counts.entities + counts.events + counts.duplicates);
  };
  for await (const record of source) {
    if (record.type === 'entity') entities.push(record); else events.push(record.event);
    if (entities.length + events.length >= BATCH) await flush();
  }
  await flush();
  return counts;
};

const rowsOf = (leftOut: readonly LeftOut[]): number => leftOut.reduce((sum, { rows }) => sum + rows, 0);
const placeOf = ({ first: { file, line } }: LeftOut): string => `${file ?? ''}${line === undefined ? '' : `, line ${line}`}`;

/** What was not taken, a line for each reason. */
const tellLeftOut = (leftOut: readonly LeftOut[]): void => {
  if (leftOut.length === 0) return;
  print(`${rowsOf(leftOut)} rows were left out, whole or in part:`);
  for (const reason of leftOut) print(`  ${reason.rows} × ${reason.why} (first: ${placeOf(reason)})`);
};

type Options = CommonOptions & { readonly prefix?: string };

const run = async (name: string, importer: Importer, { folder, options }: { readonly folder: string; readonly options: Options }): Promise<void> => {
  const platform = await openPlatform({ data: dataFolder(options), feed: feedOptions(await loadConfig(undefined, {})) });
  try {
    const report = createReport();
    const bar = createProgress({ quiet: options.json === true }).bar(`Importing ${name}`, 80_000);
    const counts = await importInto(platform, importer.read(folder, { report, ...(options.prefix === undefined ? {} : { prefix: options.prefix }) }), bar);
    bar.end(`${counts.entities} entities, ${counts.events} events${counts.duplicates > 0 ? `, ${counts.duplicates} known already` : ''}`);
    const { leftOut } = report;
    if (options.json === true) {
      printJson({ ...counts, leftOut: rowsOf(leftOut), ...(leftOut.length === 0 ? {} : { reasons: leftOut.map(({ why, rows, first }) => ({ why, rows, file: first.file, line: first.line })) }) });
      return;
    }
    print(`Imported ${counts.entities} entities and ${counts.events} events into ${dataFolder(options)}${counts.duplicates > 0 ? `; ${counts.duplicates} events were there already` : ''}.`);
    tellLeftOut(leftOut);
  } finally { await platform.close(); }
};

export const importCommand = (): Command => {
  const command = new Command('import').description('read a data set into a store, as history; doing it again changes nothing');
  for (const [name, importer] of Object.entries(IMPORTERS)) {
    const own = command.command(`${name} <${importer.takes === undefined ? 'folder' : 'file-or-folder'}>`).description(importer.about)
      .option('--data <folder>', 'the store, made if new', DEFAULT_DATA)
      .option('--json', 'print one JSON object, and no progress');
    if (importer.prefix !== undefined) own.option('--prefix <text>', importer.prefix);
    own.action((folder: string, options: Options) => run(name, importer, { folder, options }));
  }
  return command;
};
