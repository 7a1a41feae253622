/** An importer on files that a test makes: what it hands on, checked as the store would check it, and what it left out. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { EntityInput } from '../../../src/catalog/records.ts';
import { entityRecord } from '../../../src/catalog/validate.ts';
import type { Millis } from '../../../src/core/ids.ts';
import type { Action } from '../../../src/funnel/events.ts';
import { eventRecord } from '../../../src/funnel/validate.ts';
import { createReport, type Importer, type LeftOut } from '../../../src/importers/importer.ts';

const NOW = Date.UTC(2026, 10, 21) as Millis;

export const folderOf = (files: Readonly<Record<string, string | Buffer>>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-import-'));
  onTestFinished(() => { rmSync(folder, { recursive: true, force: true }); });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
};

export interface ReadBack {
  readonly entities: readonly EntityInput[];
  readonly events: readonly Action[];
  /** `reference: why` of each row that was left out for a reason, with its count and first line. */
  readonly leftOut: readonly LeftOut[];
  of(reference: string): Readonly<Record<string, unknown>> | undefined;
}

export const readBack = async (read: Importer['read'], path: string, prefix?: string): Promise<ReadBack> => {
  const report = createReport();
  const entities: EntityInput[] = [];
  const events: Action[] = [];
  for await (const imported of read(path, { report, ...(prefix === undefined ? {} : { prefix }) })) {
    if (imported.type === 'entity') { entityRecord(imported.entity, { now: NOW, recordId: 'x' }); entities.push(imported.entity); } else { eventRecord(imported.event, { now: NOW, history: true }); events.push(imported.event); }
  }
  return { entities, events, leftOut: report.leftOut, of: (reference) => entities.find(({ kind, id }) => `${kind}:${id}` === reference)?.attributes };
};

export const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;
export const tabs = (...rows: readonly (readonly string[])[]): string => lines(...rows.map((row) => row.join('\t')));
