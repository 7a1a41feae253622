/** Entities in and out: written to the log, found through the catalogue, read back from their newest record. */
import { kindNumber, STATE, type Catalog } from '../catalog/catalog.ts';
import { decodeEntity } from '../catalog/records.ts';
import { entityDeletedRecord, entityRecord } from '../catalog/validate.ts';
import { parseRef, type Millis } from '../core/ids.ts';
import type { Log, StoredRecord } from '../log/port.ts';
import type { MemberSketch, Platform } from './api.ts';
import type { Intake, Stamp } from './intake.ts';

export type Entities = Pick<Platform, 'putEntities' | 'getEntity' | 'deleteEntity' | 'members'>;

const MEMBER = kindNumber('member');

export const createEntities = (parts: { readonly log: Log; readonly catalog: Catalog; readonly intake: Intake; readonly stamp: () => Stamp }): Entities => {
  const { log, catalog, intake, stamp } = parts;
  const isAlive = (number: number): boolean => catalog.items.columns.state[number] === STATE.alive;
  const newest = (reference: string): StoredRecord | undefined => {
    const number = catalog.find(reference);
    return isAlive(number) ? log.get({ partition: 0, sequence: (catalog.items.columns.record[number] ?? 0) - 1 }) : undefined;
  };
  /** An entity written again without a date keeps the one it has. */
  const createdBefore = (reference: string): Millis | undefined => {
    const number = catalog.find(reference);
    return isAlive(number) ? catalog.items.columns.createdAt[number] as Millis : undefined;
  };
  return {
    putEntities: (entities) => intake.storeBatch(entities, (value) => entityRecord(value, { ...stamp(), createdBefore })),
    getEntity: async (kind, id) => {
      const stored = newest(`${kind}:${id}`);
      if (stored === undefined) return undefined;
      const entity = decodeEntity(stored.payload);
      return { kind, id, attributes: entity.attributes, createdAt: new Date(entity.createdAt).toISOString(), updatedAt: new Date(stored.at).toISOString() };
    },
    deleteEntity: async (kind, id) => {
      if (newest(`${kind}:${id}`) === undefined) return false;
      await intake.submit([entityDeletedRecord(`${kind}:${id}`, stamp())]);
      return true;
    },
    members: async (limit) => {
      const found: MemberSketch[] = [];
      for (let number = 0; number < catalog.entities.size() && found.length < limit; number++) {
        if (catalog.items.columns.kind[number] !== MEMBER || !isAlive(number)) continue;
        const { ref, name, headline } = JSON.parse(catalog.authorPartOf(number)) as { ref: string; name: string; headline: string | null };
        found.push({ id: parseRef(ref).id, name, headline });
      }
      return found;
    },
  };
};
