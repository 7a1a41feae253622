import { readFileSync } from 'node:fs';
import type { CohortPage, DiscoveryPage, FeedPage, JourneyReading, ModelsView } from 'throughline/client';
import type { ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { FeedDocument, FrontDocument, JourneyDocument, ModelsDocument, NetworkDocument, type Assets } from './Document.tsx';
import type { FrontMember } from './FrontPage.tsx';
import type { View } from './view.ts';

export interface RenderInput {
  /** Null on every other page than a member's feed. */
  readonly page: FeedPage | null;
  /** On a member's page of cohorts, and on that of one cohort in full. */
  readonly discovery?: DiscoveryPage;
  readonly cohortPage?: CohortPage;
  /** On the console's page of models. */
  readonly models?: ModelsView;
  /** On a member's page of their own journey; null where no model reads it yet. */
  readonly reading?: JourneyReading | null;
  /** The member's id, without the kind. */
  readonly member: string | null;
  readonly memberName?: string | null;
  /** Whose feeds the front page offers. */
  readonly members?: readonly FrontMember[];
  readonly locale: string;
  /** Path and query of the request: `/members/42?sort=recent`. */
  readonly url: string;
}

interface ManifestEntry { readonly file: string; readonly css?: readonly string[] }

interface AllAssets { readonly feed: Assets; readonly pages: Assets }

/** The client build names its files by content; its manifest says how. */
const readAssets = (): AllAssets => {
  const manifest = JSON.parse(readFileSync(new URL('../client/.vite/manifest.json', import.meta.url), 'utf8')) as Readonly<Record<string, ManifestEntry>>;
  const entryOf = (source: string): ManifestEntry => {
    const entry = manifest[source];
    if (entry === undefined) throw new Error(`web/dist/client holds no ${source}: build the web page again`);
    return entry;
  };
  const [feed, pages] = [entryOf('src/entry-client.tsx'), entryOf('src/entry-pages.ts')];
  const stylesOf = (...entries: readonly ManifestEntry[]): readonly string[] => entries.flatMap(({ css = [] }) => css.map((file) => `/${file}`));
  return { feed: { script: `/${feed.file}`, styles: stylesOf(feed) }, pages: { script: `/${pages.file}`, styles: stylesOf(feed, pages) } };
};

let assets: AllAssets | undefined;

const supported = (locale: string): string => {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale)[0] ?? 'en';
  } catch {
    return 'en';
  }
};

const documentOf = (element: ReactNode): string => `<!doctype html>${renderToString(element)}`;

/** The whole HTML document of one page. */
export const render = ({ page, discovery, cohortPage, models, reading, member, memberName = null, members = [], locale, url }: RenderInput): string => {
  assets ??= readAssets();
  const address = new URL(url, 'http://localhost');
  const language = supported(locale);
  if (models !== undefined) return documentOf(<ModelsDocument models={models} reloads={address.searchParams.get('live') !== 'off'} locale={language} assets={assets.pages} />);
  if (reading !== undefined) return documentOf(<JourneyDocument reading={reading} member={member ?? ''} name={memberName} locale={language} assets={assets.pages} />);
  const common = { memberName, path: address.pathname, continued: address.searchParams.has('cursor') };
  if (discovery !== undefined) return documentOf(<NetworkDocument view={{ ...common, discovery }} assets={assets.feed} />);
  if (cohortPage !== undefined) return documentOf(<NetworkDocument view={{ ...common, cohortPage }} assets={assets.feed} />);
  if (page === null) return documentOf(<FrontDocument members={members} assets={assets.feed} />);
  const view: View = { ...common, page, locale: language, now: Date.now() };
  return documentOf(<FeedDocument view={view} assets={assets.feed} />);
};
