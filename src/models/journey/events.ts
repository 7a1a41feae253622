/** A member's events as a journey model reads them. */
import { createSequenceColumns, type SequenceColumns } from '../../journey/sequences.ts';
import { CONTENT_WIDTH } from '../sequences/content.ts';

/** Besides what the sequence holds: each item's row in the model (-1: it has none), and its content features. */
export interface JourneyEvents extends SequenceColumns {
  readonly row: Int32Array;
  /** [events, CONTENT_WIDTH] */
  readonly features: Uint16Array;
}

export const createJourneyEvents = (events?: number): JourneyEvents => {
  const columns = createSequenceColumns(events);
  const room = columns.item.length;
  return { ...columns, row: new Int32Array(room).fill(-1), features: new Uint16Array(room * CONTENT_WIDTH) };
};

/** The same without one event, for asking what it was worth. */
export const withoutEvent = (events: JourneyEvents, place: number): JourneyEvents => {
  const rest = createJourneyEvents(Math.max(1, events.count - 1));
  rest.count = events.count - 1;
  for (const name of ['item', 'action', 'surface', 'dwell', 'seconds', 'row'] as const) {
    rest[name].set(events[name].subarray(0, place));
    rest[name].set(events[name].subarray(place + 1, events.count), place);
  }
  rest.features.set(events.features.subarray(0, place * CONTENT_WIDTH));
  rest.features.set(events.features.subarray((place + 1) * CONTENT_WIDTH, events.count * CONTENT_WIDTH), place * CONTENT_WIDTH);
  return rest;
};
