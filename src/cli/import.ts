/** `throughline import <name> <folder>`: a data set into a store, as history. Doing it again changes nothing. */
import { isDeepStrictEqual } from 'node:util';
import { Command } from 'commander';
import { readDeskdrop, type Imported } from '../importers/deskdrop.ts';
import { feedOptions, loadConfig } from '../config.ts';
import { ThroughlineError } from '../core/errors.ts';
import { openPlatform, type OpenPlatform } from '../platform/open.ts';
import type { BatchOutcome } from '../platform/api.ts';
import type { EntityInput } from '../catalog/records.ts';
import { dataFolder, DEFAULT_DATA, print, printJson, type CommonOptions } from './common.ts';
import { createProgress, type Bar } from './progress.ts';

/** A new importer is a file and a row here. */
const IMPORTERS: Readonly<Record<string, { readonly about: string; readonly read: (folder: string) => AsyncIterable<Imported> }>> = {
  deskdrop: { about: 'CI&T Deskdrop: users_interactions.csv or .csv.gz', read: readDeskdrop },
};

const BATCH = 5000;

export interface ImportCounts { entities: number; events: number; duplicates: number }

const isKnown = async (platform: OpenPlatform, entity: EntityInput): Promise<boolean> => {
  const known = await platform.getEntity(entity.kind, entity.id);
  return known !== undefined && isDeepStrictEqual(known.attributes, entity.attributes) && (entity.createdAt === undefined || Date.parse(known.createdAt) === Date.parse(entity.createdAt));
};

const check = (outcome: BatchOutcome): BatchOutcome => {
  const [first] = outcome.rejected;
  if (first !== undefined) throw new ThroughlineError(first.code, `the importer made a record that the store refuses: ${first.detail}`);
  return outcome;
};

/** Writes what an importer reads, in its order, in batches. */
export const importInto = async (platform: OpenPlatform, source: AsyncIterable<Imported>, bar: Bar): Promise<ImportCounts> => {
  const counts: ImportCounts = { entities: 0, events: 0, duplicates: 0 };
  let entities: EntityInput[] = [];
  let events: unknown[] = [];
  const flush = async (): Promise<void> => {
    const fresh: EntityInput[] = [];
    for (const entity of entities) if (!await isKnown(platform, entity)) fresh.push(entity);
    counts.entities += check(await platform.putEntities(fresh)).accepted;
    const outcome = check(await platform.recordEvents(events, { history: true }));
    counts.events += outcome.accepted;
    counts.duplicates += outcome.duplicates;
    entities = [];
    events = [];
    bar.set(counts.entities + counts.events + counts.duplicates);
  };
  for await (const record of source) {
    if (record.type === 'entity') entities.push(record.entity); else events.push(record.event);
    if (entities.length + events.length >= BATCH) await flush();
  }
  await flush();
  return counts;
};

export const importCommand = (): Command => {
  const command = new Command('import').description('read a data set into a store, as history; doing it again changes nothing');
  for (const [name, importer] of Object.entries(IMPORTERS)) {
    command.command(`${name} <folder>`).description(importer.about)
      .option('--data <folder>', 'the store, made if new', DEFAULT_DATA)
      .option('--json', 'print one JSON object, and no progress')
      .action(async (folder: string, options: CommonOptions) => {
        const platform = await openPlatform({ data: dataFolder(options), feed: feedOptions(await loadConfig(undefined, {})) });
        try {
          const bar = createProgress({ quiet: options.json === true }).bar(`Importing ${name}`, 80_000);
          const counts = await importInto(platform, importer.read(folder), bar);
          bar.end(`${counts.entities} entities, ${counts.events} events${counts.duplicates > 0 ? `, ${counts.duplicates} known already` : ''}`);
          if (options.json === true) printJson(counts);
          else print(`Imported ${counts.entities} entities and ${counts.events} events into ${dataFolder(options)}${counts.duplicates > 0 ? `; ${counts.duplicates} events were there already` : ''}.`);
        } finally { await platform.close(); }
      });
  }
  return command;
};
