/** Records whose id came before with another content: kept aside for an operator, never in the log. A value is u16 partition, record. */
import { decodeRecord } from './codec.ts';
import type { Log, LogRecord } from './port.ts';
import type { Store } from './store.ts';

/** What the embedded log has beyond the port. */
export interface LmdbLog extends Log {
  readonly folder: string;
  /** Records whose id came before with another content. */
  quarantined(): readonly Quarantined[];
}

export interface Quarantined { readonly partition: number; readonly record: LogRecord }

export const quarantineValue = (partition: number, record: Buffer): Buffer => {
  const value = Buffer.alloc(2 + record.length);
  value.writeUInt16LE(partition, 0);
  value.set(record, 2);
  return value;
};

export const parseQuarantined = (value: Buffer): Quarantined => {
  const partition = value.readUInt16LE(0);
  // The sequence it carries was never given out.
  const { sequence: _, ...record } = decodeRecord(value.subarray(2), partition);
  return { partition, record };
};

export const listQuarantined = (store: Store): Quarantined[] =>
  [...store.tables[store.quarantine]?.getRange({}) ?? []].map(({ value }) => parseQuarantined(Buffer.from(value)));
