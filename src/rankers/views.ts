import type { Catalog } from '../catalog/catalog.ts';
import type { Journey } from '../journey/journey.ts';

/** What every ranker reads: columns, never copies. */
export interface Views { readonly catalog: Catalog; readonly journey: Journey }
