/** What other people's records say of an erased member is taken out of them. */
import { decodeEntity, encodeEntity, namesPacked } from '../catalog/records.ts';
import { redactExperiment } from '../experiments/records.ts';
import { decodeEvent } from '../funnel/codec.ts';
import { decodeServed, encodeServed } from '../funnel/served.ts';
import type { Redaction, Redactor, StoredRecord } from '../log/port.ts';

const redactEntity = (record: StoredRecord, reference: string): Redaction => {
  const entity = decodeEntity(record.payload);
  const attributes = Object.fromEntries(Object.entries(entity.attributes).flatMap(([name, value]): [string, unknown][] => {
    if (value === reference) return [];
    return [[name, Array.isArray(value) ? value.filter((entry) => entry !== reference) : value]];
  }));
  return { payload: encodeEntity({ ...entity, attributes }) };
};

interface TraceSpan { readonly removals?: readonly { readonly item: string; readonly reason: string }[]; readonly children?: readonly TraceSpan[] }

const redactSpan = (span: TraceSpan, reference: string): TraceSpan => ({
  ...span,
  ...(span.removals === undefined ? {} : { removals: span.removals.filter(({ item }) => item !== reference) }),
  ...(span.children === undefined ? {} : { children: span.children.map((child) => redactSpan(child, reference)) }),
});

const redactServed = (record: StoredRecord, reference: string): Redaction => {
  const page = decodeServed(record.payload);
  const items = page.items.filter(({ item }) => item !== reference).map((item) => ({ ...item, actors: item.actors.filter((actor) => actor !== reference) }));
  return { payload: encodeServed({ ...page, items, trace: JSON.stringify(redactSpan(JSON.parse(page.trace) as TraceSpan, reference)) }) };
};

export const redact: Redactor = (record, member) => {
  // Experiments name members by id alone, and are few.
  if (record.type === 'experiment') return redactExperiment(record, member);
  const reference = `member:${member}`;
  // A cheap look first: most records do not name the member at all.
  const isNamed = Buffer.from(record.payload.buffer, record.payload.byteOffset, record.payload.byteLength).includes(reference) || (record.type === 'entity' && namesPacked(record.payload, reference));
  if (!isNamed) return 'keep';
  switch (record.type) {
    case 'entity': return redactEntity(record, reference);
    case 'entityDeleted': return Buffer.from(record.payload.subarray(1)).toString() === reference ? 'drop' : 'keep';
    case 'event': return decodeEvent(record.payload).item === reference ? 'drop' : 'keep';
    case 'served': return redactServed(record, reference);
    case 'consent': case 'erasure': case 'model': case 'answered': return 'keep';
    default: return record.type satisfies never;
  }
};
