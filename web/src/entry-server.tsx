import { readFileSync } from 'node:fs';
import type { FeedPage } from 'throughline/client';
import { renderToString } from 'react-dom/server';
import { FeedDocument, FrontDocument, type Assets } from './Document.tsx';
import type { FrontMember } from './FrontPage.tsx';
import type { View } from './view.ts';

export interface RenderInput {
  /** Null on the front page. */
  readonly page: FeedPage | null;
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

/** The client build names its files by content; its manifest says how. */
const readAssets = (): Assets => {
  const manifest = JSON.parse(readFileSync(new URL('../client/.vite/manifest.json', import.meta.url), 'utf8')) as Readonly<Record<string, ManifestEntry>>;
  const entry = manifest['src/entry-client.tsx'];
  if (entry === undefined) throw new Error('web/dist/client holds no src/entry-client.tsx: build the web page again');
  return { script: `/${entry.file}`, styles: (entry.css ?? []).map((file) => `/${file}`) };
};

let assets: Assets | undefined;

const supported = (locale: string): string => {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale)[0] ?? 'en';
  } catch {
    return 'en';
  }
};

/** The whole HTML document of one feed page, or of the front page. */
export const render = ({ page, memberName = null, members = [], locale, url }: RenderInput): string => {
  assets ??= readAssets();
  if (page === null) return `<!doctype html>${renderToString(<FrontDocument members={members} assets={assets} />)}`;
  const address = new URL(url, 'http://localhost');
  const view: View = { page, memberName, locale: supported(locale), path: address.pathname, continued: address.searchParams.has('cursor'), now: Date.now() };
  return `<!doctype html>${renderToString(<FeedDocument view={view} assets={assets} />)}`;
};
