import type { Catalog } from '../catalog/catalog.ts';
import type { Journey } from '../journey/journey.ts';
import type { Taste } from '../journey/taste.ts';

/** What every ranker reads: columns, never copies. */
export interface Views {
  readonly catalog: Catalog;
  readonly journey: Journey;
  /** What the journey model makes of members and items; absent where no model serves. */
  readonly taste?: Taste | undefined;
}
