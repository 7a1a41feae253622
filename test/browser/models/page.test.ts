/** The console's page of models and a member's page of their own journey, in a browser: from HTML alone, and kept current while a run goes on. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JourneyReading, ModelsView } from '../../../src/client/types.ts';
import { PAGE_POLICY } from '../../../src/http/routes/web.ts';
import { curveOf, modelsOf, readingOf, runOf } from '../../support/models-view.ts';
import { buildWeb, launch } from '../support/browser.ts';

const DIST = fileURLToPath(new URL('../../../web/dist/', import.meta.url));
const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css' };
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
const WIDTHS = [320, 768, 1280];

type Render = (input: { page: null; models?: ModelsView; reading?: JourneyReading | null; member: string; memberName: string; locale: string; url: string }) => string | Promise<string>;

let models: ModelsView = modelsOf();
let reading: JourneyReading | null = readingOf();
let served = 0;
let server: Server;
let browser: Browser;
let url = '';

beforeAll(async () => {
  buildWeb();
  const { render } = await import(pathToFileURL(join(DIST, 'server/entry-server.js')).href) as { render: Render };
  const answer = async (path: string): Promise<readonly [type: string, body: string | Buffer]> => {
    if (path.startsWith('/assets/')) return [TYPES[extname(path)] ?? 'text/plain', await readFile(join(DIST, 'client', normalize(path)))];
    served++;
    const common = { page: null, member: '42', memberName: 'Noor Vermeer', locale: 'en', url: path } as const;
    return ['text/html; charset=utf-8', await render(path.startsWith('/console') ? { ...common, models } : { ...common, reading })];
  };
  server = createServer((request, response) => {
    answer(request.url ?? '/').then(([type, body]) => { response.writeHead(200, { 'content-type': type, 'content-security-policy': PAGE_POLICY }).end(body); }, (error: unknown) => { response.writeHead(500).end(String(error)); });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});

const visit = async (path: string, options: BrowserContextOptions = {}): Promise<{ readonly page: Page; readonly faults: readonly string[]; leave(): Promise<void> }> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => { faults.push(error.message); });
  page.on('console', (message) => { if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(message.text()); });
  await page.goto(`${url}${path}`);
  return { page, faults, leave: () => context.close() };
};
const overflow = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe('the page of models', () => {
  test('shows without a script how a run goes, its curves with their best epoch, and the card of the model that serves', async () => {
    models = modelsOf();
    const { page, leave } = await visit('/console/models', { javaScriptEnabled: false });
    const run = page.getByRole('region', { name: 'Training run' });
    expect(await run.getByText('12 of 24', { exact: true }).count()).toBe(1);
    expect(await run.getByText('at most 15 min 1 s').count()).toBe(1);
    expect(await run.getByRole('img').count()).toBe(2);
    const metric = run.getByRole('img', { name: 'Validation NDCG@10 by epoch' });
    expect(await metric.textContent()).toContain('11 epochs');
    expect(await metric.getByText('best: 10').count()).toBe(1);
    expect(await page.getByRole('region', { name: 'Model card' }).getByText('9c1f0b7a').count()).toBe(1);
    expect(await page.locator('noscript meta[http-equiv=refresh], meta[http-equiv=refresh]').count()).toBe(1);
    await leave();
  });

  test('keeps a run current, leaves open what was opened, and loads anew when it has ended', async () => {
    models = modelsOf();
    const { page, faults, leave } = await visit('/console/models');
    await page.getByRole('region', { name: 'Training run' }).getByText('Figures by epoch').click();
    models = modelsOf(runOf({ epoch: 13, curve: curveOf(12) }));
    await page.getByText('13 of 24', { exact: true }).waitFor();
    expect(await page.getByRole('region', { name: 'Training run' }).getByRole('row').count()).toBe(13);
    expect(await page.getByRole('region', { name: 'Training run' }).locator('details').getAttribute('open')).toBe('');
    models = modelsOf(null);
    await page.getByRole('region', { name: 'Training run' }).waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
    await leave();
  });

  test('stops loading itself where that is asked for', async () => {
    models = modelsOf();
    const { page, leave } = await visit('/console/models');
    await page.getByRole('link', { name: 'Stop reloading' }).click();
    await page.getByRole('link', { name: 'Reload by itself' }).waitFor();
    const before = served;
    await page.waitForTimeout(4000);
    expect(served).toBe(before);
    await leave();
  });

  test('shows a stopped run, one epoch, and a store without models', async () => {
    models = modelsOf(runOf({ state: 'stopped', process: null, leftMs: null, curve: curveOf(1) }));
    const stopped = await visit('/console/models');
    expect(await stopped.page.getByText('goes on from its checkpoint').count()).toBe(1);
    expect(await stopped.page.getByRole('region', { name: 'Training run' }).getByRole('img').count()).toBe(2);
    await stopped.leave();
    models = { journey: { serving: null, run: null, versions: [] }, secondPass: { serving: null, values: { version: 'values-1', actions: { interact: 1 } }, versions: [] }, faults: [{ version: 'journey-broken', detail: 'manifest.json is cut short' }] };
    const empty = await visit('/console/models');
    expect(await empty.page.getByText('No journey model has been trained here.').count()).toBe(1);
    expect(await empty.page.getByText('manifest.json is cut short').count()).toBe(1);
    await empty.leave();
  });
});

describe('a member\'s page of their own journey', () => {
  test('says what counts, newest first, and what is expected', async () => {
    reading = readingOf();
    const { page, leave } = await visit('/members/42/journey', { javaScriptEnabled: false });
    const deeds = page.getByRole('region', { name: 'What you did, and how much it counts' }).getByRole('listitem');
    expect(await deeds.count()).toBe(12);
    expect(await deeds.first().textContent()).toContain('counts 18');
    expect(await deeds.last().textContent()).toContain('too long ago to count');
    expect(await page.getByRole('region', { name: 'What is expected next' }).textContent()).toContain('Hydrogen, honestly');
    await leave();
  });

  test('says that nothing is read where the member withholds it, and where no model reads yet', async () => {
    for (const [next, text] of [[readingOf({ basis: 'withheld', events: [], changes: [], next: { items: [], kinds: [], topics: [] } }), 'nothing of it is read'], [null, 'no model of it has been trained']] as const) {
      reading = next;
      const { page, leave } = await visit('/members/42/journey');
      expect(await page.getByText(text).count()).toBe(1);
      expect(await page.getByRole('region').count()).toBe(0);
      await leave();
    }
  });
});

describe.each(['/console/models', '/members/42/journey'])('%s', (path) => {
  test.each(['light', 'dark'] as const)('has no barrier that a machine finds, and fits every width, in %s', async (colorScheme) => {
    [models, reading] = [modelsOf(), readingOf()];
    for (const width of WIDTHS) {
      const { page, leave } = await visit(path, { colorScheme, viewport: { width, height: 900 } });
      const shots = process.env['THROUGHLINE_SHOTS'];
      if (shots !== undefined) await page.screenshot({ path: join(shots, `${path.replaceAll('/', '-').slice(1)}-${colorScheme}-${width}.png`), fullPage: true });
      expect([width, await overflow(page)]).toEqual([width, 0]);
      const { violations } = await new AxeBuilder({ page }).withTags(AXE_TAGS).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
      await leave();
    }
  });
});
