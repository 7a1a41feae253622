import type { ReactNode } from 'react';
import { Frame } from '../Frame.tsx';
import type { CohortView, NetworkView } from '../view.ts';
import { words } from '../words.ts';
import { CohortInFull } from './CohortInFull.tsx';
import { NetworkPage } from './NetworkPage.tsx';

/** My Network: the cohorts, or one of them in full. */
export const Network = ({ view }: { readonly view: NetworkView | CohortView }): ReactNode => (
  <Frame view={view} here={{ place: 'network', whole: 'discovery' in view }} skip={{ to: '#network', label: words.skipToNetwork }}>
    {() => ('discovery' in view ? <NetworkPage view={view} /> : <CohortInFull view={view} />)}
  </Frame>
);
