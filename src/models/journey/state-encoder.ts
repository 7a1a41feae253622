/** The state of one member at a time, in graphs whose weights are part of them: batches gain nothing on a processor. */
import { lengthsUpTo } from '../sequences/batches.ts';
import type { JourneyArtefact } from './artefact.ts';
import type { EventTokens } from './event-tokens.ts';
import type { JourneyEvents } from './events.ts';
import { openHistory, type History } from './history.ts';

export interface StateEncoder {
  /** Fills out [width] with the unit state after the newest events, asked at `seconds`; zeros where there are none. One call at a time. */
  state(events: JourneyEvents, seconds: number, out: Float32Array): Promise<void>;
  close(): Promise<void>;
}

export const createStateEncoder = (artefact: JourneyArtefact, tokens: EventTokens): StateEncoder => {
  const { sizes: { width, window } } = artefact;
  const lengths = lengthsUpTo(window);
  const graphs = new Map<number, Promise<History<'state'>>>();
  const graphFor = async (length: number): Promise<History<'state'>> => {
    const found = graphs.get(length) ?? openHistory(artefact, { tokens, length, asking: 'last' }, (build, model, read) => ({ state: build.g.l2Normalise(model.decodeLast(build, read)) }));
    graphs.set(length, found);
    return found;
  };
  return {
    state: async (events, seconds, out) => {
      const count = Math.min(window, events.count);
      if (count === 0) { out.fill(0, 0, width); return; }
      const graph = await graphFor(lengths.find((each) => each >= count) ?? window);
      graph.fill(events, { count, seconds });
      await graph.session.run();
      out.set(graph.session.outputs.state);
    },
    close: async () => { for (const graph of graphs.values()) await (await graph).session.close(); },
  };
};

/** Candidates that one pass reads. */
export const FINALISTS = 32;

export interface CandidateEncoder {
  /**
   * Fills out [n, width] with unit states of n ≤ FINALISTS candidates, each behind the newest events as if it alone followed them.
   * @param candidates their vectors as `ItemVectors` makes them, [n, width]
   */
  states(events: JourneyEvents, seconds: number, { candidates, out }: { readonly candidates: Float32Array; readonly out: Float32Array }): Promise<void>;
  close(): Promise<void>;
}

export const createCandidateEncoder = (artefact: JourneyArtefact, tokens: EventTokens): CandidateEncoder => {
  const { sizes: { width, window } } = artefact;
  const lengths = lengthsUpTo(window);
  const inputs = new Float32Array(FINALISTS * width);
  const graphs = new Map<number, Promise<History<'states'>>>();
  const graphFor = async (length: number): Promise<History<'states'>> => {
    const found = graphs.get(length) ?? openHistory(artefact, { tokens, length, asking: 'ahead' }, (build, model, read) => {
      const candidates = build.g.scale(build.g.input('candidates', [FINALISTS, width]), Math.sqrt(width));
      return { states: build.g.l2Normalise(model.decodeCandidates(build, read, candidates)) };
    }).then((graph) => { graph.session.bind('candidates', inputs); return graph; });
    graphs.set(length, found);
    return found;
  };
  return {
    states: async (events, seconds, { candidates, out }) => {
      // A candidate takes one place of the window.
      const count = Math.min(window - 1, events.count);
      const graph = await graphFor(lengths.find((each) => each >= count) ?? window);
      graph.fill(events, { count, seconds });
      inputs.fill(0);
      inputs.set(candidates);
      await graph.session.run();
      out.set(graph.session.outputs.states.subarray(0, candidates.length));
    },
    close: async () => { for (const graph of graphs.values()) await (await graph).session.close(); },
  };
};
