/** HTML pages, rendered by the web application's server build when it is there. */
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { MemberSketch } from '../platform/api.ts';
import type { ModelsView } from '../platform/models-view.ts';
import type { JourneyReading } from '../platform/reading.ts';
import type { FeedPage } from './contracts.ts';
import type { CohortPage, DiscoveryPage } from './discovery-contracts.ts';

export interface PageInput {
  /** Null on every other page than a member's feed. */
  readonly page: FeedPage | null;
  /** On a member's page of cohorts. */
  readonly discovery?: DiscoveryPage;
  /** On a member's page of one cohort in full. */
  readonly cohortPage?: CohortPage;
  /** On the console's page of models. */
  readonly models?: ModelsView;
  /** On a member's page of their own journey; null where no model reads it yet. */
  readonly reading?: JourneyReading | null;
  /** The member's id, without the kind. */
  readonly member: string | null;
  readonly memberName: string | null;
  /** Some members whose pages may be opened; on the front page of an open server. */
  readonly members: readonly MemberSketch[];
  readonly locale: string;
  /** Path and query of the request: /members/42?sort=recent */
  readonly url: string;
}

export interface PageRenderer {
  /** The folder with the browser's files, if the web application is built. */
  readonly assets: string | undefined;
  render(input: PageInput): Promise<string>;
}

/** `web/dist` of the package; this file stands two folders below its root, in source and when built. */
export const WEB_ROOT: string = fileURLToPath(new URL('../../web/dist', import.meta.url));

const plainPage = (content: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Throughline</title></head><body><main><h1>Throughline</h1>${content}<p>The API is described at <a href="/v1/openapi.json">/v1/openapi.json</a>.</p></main></body></html>`;

const NOT_BUILT = plainPage('<p>The server is running, but its pages are not built. Run <code>npm run build</code> and start it again.</p>');

interface ServerEntry { render(input: PageInput): string | Promise<string> }

export const createPageRenderer = (root: string = WEB_ROOT): PageRenderer => {
  const entry = join(root, 'server', 'entry-server.js');
  const assets = join(root, 'client');
  let loaded: Promise<ServerEntry> | undefined;
  return {
    assets: existsSync(assets) ? assets : undefined,
    render: async (input) => {
      if (loaded === undefined && !existsSync(entry)) return NOT_BUILT;
      loaded ??= import(pathToFileURL(entry).href) as Promise<ServerEntry>;
      return (await loaded).render(input);
    },
  };
};
