/** What the trunk, frozen, says of the requests that the heads are fitted to: members' states, items' vectors, and states of candidates. */
import { CONTENT_WIDTH } from '../sequences/content.ts';
import type { JourneyExamples } from '../sequences/ranking-examples.ts';
import { createJourneyEvents, type JourneyEvents } from './events.ts';
import type { HeadTask } from './head-task.ts';
import type { JourneyReader } from './reader.ts';

export interface Trunk {
  readonly width: number;
  /** By place of the task: unit state [width] of the member as the request was made, and unit vector [width] of the candidate. */
  stateOf(place: number): Float32Array;
  vectorOf(place: number): Float32Array;
  /** Unit states [chosen.places, width] of candidates that have read the history, at most FINALISTS of each request. */
  candidateStates(chosen: ChosenPlaces): Promise<Float32Array>;
}

/** Some places of a task: those of request q are places[queries[q] … queries[q + 1]). */
export interface ChosenPlaces { readonly queries: Int32Array; readonly places: Int32Array }

/** Numbers of `width` each. */
const part = (array: Float32Array, at: number, width: number): Float32Array => array.subarray(at * width, (at + 1) * width);

/** Writes a member's events up to an index of the data into `into`, as a reader is given them. */
const fillEvents = ({ data }: JourneyExamples, { from, end, rows }: { readonly from: number; readonly end: number; readonly rows: Int32Array }, into: JourneyEvents): void => {
  const first = Math.max(from, end - into.item.length);
  into.count = end - first;
  for (let event = first, i = 0; event < end; event++, i++) {
    const item = data.item[event] ?? 0;
    into.item[i] = item;
    into.row[i] = rows[item] ?? -1;
    into.features.set(data.content.features.subarray(item * CONTENT_WIDTH, (item + 1) * CONTENT_WIDTH), i * CONTENT_WIDTH);
    for (const name of ['action', 'surface', 'dwell', 'seconds'] as const) into[name][i] = data[name][event] ?? 0;
  }
};

/** What had happened when a request was made, and when that was. The events are overwritten by the next question. */
const createPast = (reader: JourneyReader, journeys: JourneyExamples, { queries, rowOf }: HeadTask): ((request: number) => { readonly events: JourneyEvents; readonly seconds: number }) => {
  const { data, examples: { rows: { member, at }, ends } } = journeys;
  const rows = Int32Array.from(data.itemNames, reader.itemRow);
  const events = createJourneyEvents();
  return (request) => {
    const row = rowOf[queries[request] ?? 0] ?? 0;
    fillEvents(journeys, { from: data.starts[member[row] ?? 0] ?? 0, end: ends[row] ?? 0, rows }, events);
    return { events, seconds: Math.floor((at[row] ?? 0) / 1000) };
  };
};

/** Vectors [items, width] of every item of the data: of unit length, and as they stand in an event. */
const itemsOf = (reader: JourneyReader, { data }: JourneyExamples): { readonly unit: Float32Array; readonly raw: Float32Array } => {
  const asked = { rows: Int32Array.from(data.itemNames, reader.itemRow), features: data.content.features };
  const [unit, raw] = [new Float32Array(data.items * reader.width), new Float32Array(data.items * reader.width)];
  reader.vectors(asked, unit);
  reader.rawVectors(asked, raw);
  return { unit, raw };
};

/** Memory: 4 · width bytes for each request and 8 · width for each item. */
export const askTrunk = async (reader: JourneyReader, journeys: JourneyExamples, task: HeadTask): Promise<Trunk> => {
  const { width } = reader;
  const { queries, rowOf, requestOf } = task;
  const { item } = journeys.examples.rows;
  const requests = queries.length - 1;
  const past = createPast(reader, journeys, task);
  const { unit, raw } = itemsOf(reader, journeys);
  const itemAt = (place: number): number => item[rowOf[place] ?? 0] ?? 0;
  const states = new Float32Array(requests * width);
  for (let request = 0; request < requests; request++) {
    const { events, seconds } = past(request);
    await reader.state(events, seconds, part(states, request, width));
  }
  return {
    width,
    stateOf: (place) => part(states, requestOf[place] ?? 0, width),
    vectorOf: (place) => part(unit, itemAt(place), width),
    candidateStates: async (chosen) => {
      const out = new Float32Array(chosen.places.length * width);
      for (let request = 0; request < requests; request++) {
        const [from = 0, to = 0] = [chosen.queries[request], chosen.queries[request + 1]];
        const { events, seconds } = past(request);
        const candidates = new Float32Array((to - from) * width);
        for (let i = from; i < to; i++) candidates.set(part(raw, itemAt(chosen.places[i] ?? 0), width), (i - from) * width);
        await reader.candidateStates(events, seconds, { candidates, out: out.subarray(from * width, to * width) });
      }
      return out;
    },
  };
};
