/** The journey model in the platform: what it is told, who waits for it, and for how long. */
import { decodeEntity } from '../catalog/records.ts';
import { ThroughlineError } from '../core/errors.ts';
import { stateKeyOf, type Taste } from '../journey/taste.ts';
import type { LogBlock } from '../log/port.ts';
import type { Views } from '../rankers/views.ts';
import type { EncoderHost, TasteAccess } from './encoder-host.ts';
import type { JourneyReading } from './reading.ts';
import type { State } from './state.ts';

/** Wider than any state. */
const scratch = new Float32Array(4096);

export interface WaitOptions {
  readonly ask: (member: number) => Promise<void>;
  /** How long a page waits for a state that is older than its member's sequence. */
  readonly waitMs: number;
}

/**
 * Before a page: where the viewer's state is not of their sequence as it is now, waits for the encoder, but no longer than `waitMs`; then the
 * page is made with the old state, or with none, and counted. Costs no promise where the state is fresh.
 */
export const createWait = (views: Views, options: () => WaitOptions | undefined): ((member: number, now: number) => Promise<void> | undefined) => {
  const lookUp = (taste: Taste, member: number, seconds: number): ReturnType<Taste['read']> => taste.read(member, stateKeyOf(views, member, seconds), scratch);
  const count = (taste: Taste, standing: ReturnType<Taste['read']>): void => { taste.count(standing === 'empty' ? 'fresh' : standing); };
  return (member, now) => {
    const { taste, catalog } = views;
    if (taste === undefined || taste.width === 0 || member < 0) return undefined;
    const allowed = catalog.allowed(member);
    if (!allowed.activity || !allowed.sequence) return undefined;
    const seconds = Math.floor(now / 1000);
    const standing = lookUp(taste, member, seconds);
    const wait = options();
    if (standing === 'fresh' || standing === 'empty' || wait === undefined) { count(taste, standing); return undefined; }
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => { timer = setTimeout(resolve, wait.waitMs); });
    // An encoder that failed has told so elsewhere.
    return Promise.race([wait.ask(member).catch(() => undefined), late]).then(() => {
      clearTimeout(timer);
      taste.refresh();
      count(taste, lookUp(taste, member, seconds));
    });
  };
};

export interface TasteParts {
  readonly state: State;
  /** Absent: no journey model is ever served. */
  readonly start?: ((state: State) => Promise<EncoderHost>) | undefined;
  readonly waitMs: number;
}

export interface TasteHouse {
  /** After a block was applied: queues whose sequence changed, and what was written. */
  applied(block: LogBlock): void;
  readonly prepare: (member: number, now: number) => Promise<void> | undefined;
  /** @throws what the version's files deserve; the one before it stays */
  serve(version: string): Promise<void>;
  /** What the model reads in a member's sequence; undefined where there is no such member. @throws client/noModel */
  reading(member: string): Promise<JourneyReading | undefined>;
  /** Overwrites what is left of who is gone. */
  forget(): Promise<void>;
  /** Calls back, now or once a model serves, with access for one more thread. */
  attach(send: (access: TasteAccess) => void): Promise<void>;
  metrics(): string;
  close(): Promise<void>;
}

const metricsText = (taste: Taste | undefined): string => {
  if (taste === undefined) return '';
  const pages = (['fresh', 'old', 'none'] as const).map((standing) => `throughline_journey_pages_total{state="${standing}"} ${taste.counted(standing)}`);
  return [
    '# HELP throughline_journey_pages_total Pages by how the viewer\'s state stood to their sequence when the page was made.', '# TYPE throughline_journey_pages_total counter', ...pages,
    '# HELP throughline_journey_states_encoded_total Member states encoded.', '# TYPE throughline_journey_states_encoded_total counter', `throughline_journey_states_encoded_total ${taste.counted('encoded')}`,
    '# HELP throughline_journey_models_refused_total Journey models that could not be served.', '# TYPE throughline_journey_models_refused_total counter', `throughline_journey_models_refused_total ${taste.counted('refused')}`,
    '# HELP throughline_journey_model The journey model being served.', '# TYPE throughline_journey_model gauge', `throughline_journey_model{version="${taste.model}"} ${taste.width > 0 ? 1 : 0}`, '',
  ].join('\n');
};

export const createTasteHouse = ({ state, start, waitMs }: TasteParts): TasteHouse => {
  let host: EncoderHost | undefined;
  let starting: Promise<EncoderHost> | undefined;
  const readers: ((access: TasteAccess) => void)[] = [];
  const running = async (): Promise<EncoderHost | undefined> => {
    if (start === undefined) return undefined;
    starting ??= start(state);
    const started = await starting.catch((error: unknown) => { starting = undefined; throw error; });
    if (host === undefined) {
      host = started;
      state.taste = started.taste;
      for (const send of readers) send(await started.share());
    }
    return host;
  };
  const entityOf = (payload: Uint8Array): number => {
    const { kind, id } = decodeEntity(payload);
    return state.catalog.find(`${kind}:${id}`);
  };
  return {
    applied: ({ records }) => {
      if (host === undefined || host.taste.width === 0) return;
      const members = new Set<number>();
      const entities = new Set<number>();
      const { catalog, journey } = state;
      host.taste.refresh();
      for (const record of records) {
        if (record.type === 'entity') entities.add(entityOf(record.payload));
        if (record.type !== 'event' || record.member === undefined) continue;
        const member = catalog.find(`member:${record.member}`);
        // Most impressions are no event of a sequence.
        if (host.taste.sequenceOf(member) !== journey.sequences.version(member)) members.add(member);
      }
      if (members.size + entities.size > 0) host.touched({ members: [...members], entities: [...entities].filter((entity) => entity >= 0) });
    },
    prepare: createWait(state, () => (host === undefined ? undefined : { ask: host.ask, waitMs })),
    serve: async (version) => {
      const encoder = await running();
      try { await encoder?.serve(version); } catch (error) {
        host?.taste.count('refused');
        throw error;
      }
      host?.taste.refresh();
    },
    reading: async (member) => {
      if (state.catalog.find(`member:${member}`) < 0) return undefined;
      if (host === undefined) throw new ThroughlineError('client/noModel', 'no journey model serves here yet; train one with "throughline train journey"');
      return host.reading(member);
    },
    forget: async () => { await host?.forget(); },
    attach: async (send) => {
      readers.push(send);
      if (host !== undefined) send(await host.share());
    },
    metrics: () => metricsText(state.taste),
    close: async () => { await host?.close(); },
  };
};
