import type { ReactNode } from 'react';
import { App } from './App.tsx';
import { VIEW_ELEMENT, idOf, type View } from './view.ts';
import { words } from './words.ts';

export interface Assets { readonly script: string; readonly styles: readonly string[] }

/** Data, never markup: `<` cannot end the element it stands in. */
const safeJson = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

/** The page's words are English so far, whatever the locale of dates and reasons; the direction follows the words. */
export const Document = ({ view, assets }: { readonly view: View; readonly assets: Assets }): ReactNode => (
  <html lang="en" dir="ltr">
    <head>
      <meta charSet="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{`${words.feedOf(view.memberName ?? words.member(idOf(view.page.member)))} · ${words.product}`}</title>
      {assets.styles.map((href) => <link key={href} rel="stylesheet" href={href} />)}
      <script type="module" src={assets.script} />
    </head>
    <body>
      <div id="root"><App view={view} /></div>
      <script id={VIEW_ELEMENT} type="application/json" dangerouslySetInnerHTML={{ __html: safeJson(view) }} />
    </body>
  </html>
);
