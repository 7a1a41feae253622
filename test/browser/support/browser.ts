import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import type { ClientEvent } from '../../../src/client/types.ts';
import { chromiumPath } from '../../support/tools.ts';

/** A server with the feed page, for one test. */
export interface Site {
  readonly url: string;
  /** The member's id, whose page is `/members/<id>`. */
  readonly member: string;
  /** Every client event that the server holds for good, each id once. */
  events(): readonly ClientEvent[] | Promise<readonly ClientEvent[]>;
  /** Events refused because their id came before with another payload; absent where the server does not say. */
  conflicts?(): readonly ClientEvent[];
  stop(): Promise<void>;
}

export interface SuiteOptions {
  /** `items`: at least so many in the feed. `missing`: first-pass rankers said to be missing. Either may be ignored by a real server. */
  readonly start: (wish?: { readonly items?: number; readonly missing?: readonly string[] }) => Promise<Site>;
  /** Set where `start` cannot bring about what a test needs: that test is of the other server alone. */
  readonly cannot?: readonly ('degraded' | 'end')[];
}

const ARGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const launch = (): Promise<Browser> => {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error('no Chromium: install the chromium package or set THROUGHLINE_CHROMIUM');
  return chromium.launch({ executablePath, args: ARGS });
};

/** Builds `web/dist` from the sources at hand. */
export const buildWeb = (): void => {
  const web = fileURLToPath(new URL('../../../web', import.meta.url));
  const vite = fileURLToPath(new URL('../../../node_modules/vite/bin/vite.js', import.meta.url));
  for (const options of [[], ['--ssr', 'src/entry-server.tsx', '--outDir', 'dist/server']]) execFileSync(process.execPath, [vite, 'build', '--logLevel', 'error', ...options], { cwd: web, stdio: 'inherit' });
};

export interface Visit { readonly page: Page; readonly faults: readonly string[]; leave(): Promise<void> }

/** Opens the member's page in a profile of its own; `faults` gathers console errors and uncaught exceptions. */
export const visit = async (browser: Browser, site: Site, options: BrowserContextOptions & { readonly query?: string; readonly before?: (page: Page) => Promise<void> } = {}): Promise<Visit> => {
  const { query = '', before, ...rest } = options;
  const context = await browser.newContext({ viewport: { width: 900, height: 700 }, ...rest });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => { faults.push(error.message); });
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(message.text());
  });
  await before?.(page);
  const answer = await page.goto(`${site.url}/members/${site.member}${query}`);
  if (answer?.status() !== 200) throw new Error(`the page answered ${answer?.status()}: ${await answer?.text()}`);
  if (rest.javaScriptEnabled !== false) await page.waitForFunction(() => document.querySelector('a[rel="next"]') === null);
  return { page, faults, leave: () => context.close() };
};

export const frames = (page: Page, count: number): Promise<void> => page.evaluate(async (left) => {
  for (let frame = 0; frame < left; frame++) await new Promise((resolve) => { requestAnimationFrame(resolve); });
}, count);
