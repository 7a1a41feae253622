/** A journey model over given items, its numbers drawn and not learned: enough to see what serving does with one. */
import { contentFeatures, CONTENT_BUCKETS, CONTENT_WIDTH } from '../../src/models/sequences/content.ts';
import { seededRandom } from '../../src/core/random.ts';
import { writeJourney, type JourneyArtefact } from '../../src/models/journey/artefact.ts';
import { trainedParts } from '../../src/models/journey/trained.ts';
import type { StoredEntity } from '../../src/catalog/records.ts';
import type { SequenceData } from '../../src/models/sequences/data.ts';
import { journeyModel, modelArena, type ModelSizes } from '../../src/models/sequences/model.ts';
import { vocabularyOf } from '../../src/models/sequences/vocabulary.ts';

export const SIZES: ModelSizes = { width: 16, blocks: 2, heads: 2, window: 50, dropout: 0, temperature: 0.1 };

export interface Drawn { readonly items: readonly string[]; readonly version?: string; readonly seed?: number; readonly sizes?: ModelSizes }

/** Every column that a log has; the events themselves do not matter. */
const dataOf = (items: readonly string[]): SequenceData => ({
  members: 1, items: items.length, starts: Int32Array.of(0, 1), item: new Int32Array(1), seconds: new Float64Array(1),
  action: new Uint8Array(1), actions: [], surface: new Uint8Array(1), surfaces: [], dwell: new Uint8Array(1),
  content: { width: CONTENT_WIDTH, buckets: CONTENT_BUCKETS, features: new Uint16Array(items.length * CONTENT_WIDTH) }, memberNames: [''], itemNames: items,
});

export const drawnArtefact = ({ items, version = 'journey-drawn-1', seed = 1, sizes = SIZES }: Drawn): JourneyArtefact => {
  const data = dataOf(items);
  const model = journeyModel(sizes, vocabularyOf(data, { pauses: true }));
  const random = seededRandom(seed);
  const arena = modelArena(model, random);
  // Away from where training begins: biases of zero would make all models alike.
  for (const { name, value } of arena.parameters) for (let i = 0; i < value.length; i++) value[i] = (name.endsWith('/gain') ? 1 : 0) + (random.next() - 0.5) * 0.8;
  return {
    version, ...trainedParts({ model, arena, facts: { content: data.content, gates: new Float32Array(items.length).fill(0.5) }, itemNames: items }),
    registries: { actions: [], surfaces: [] }, trainedThrough: [],
    card: { createdAt: '2026-01-01T00:00:00.000Z', chosen: 'drawn', protocol: 'none', figures: {}, curve: [], members: 1, events: 1, parameters: arena.values.length, seed, seconds: 0, commit: 'test' },
  };
};

/** Writes it into a data folder and points at it. @returns the version's folder */
export const publishJourney = (data: string, drawn: Drawn): Promise<string> => writeJourney(data, drawnArtefact(drawn));

export const featuresOf = (entity: Pick<StoredEntity, 'kind' | 'id' | 'attributes'>): Uint16Array => contentFeatures({ ...entity, createdAt: 0 } as StoredEntity);
