import type { ReactNode } from 'react';
import { App } from './App.tsx';
import type { JourneyReading, ModelsView } from 'throughline/client';
import { FrontPage, type FrontMember } from './FrontPage.tsx';
import { JourneyPage } from './journey/JourneyPage.tsx';
import { ModelsPage } from './models/ModelsPage.tsx';
import { modelWords } from './models/modelWords.ts';
import { journeyWords } from './journey/journeyWords.ts';
import { Network } from './network/Network.tsx';
import './tokens.css';
import { VIEW_ELEMENT, idOf, memberOf, type AnyView, type CohortView, type NetworkView, type View } from './view.ts';
import { words } from './words.ts';

export interface Assets { readonly script: string; readonly styles: readonly string[] }

/** Data, never markup: `<` cannot end the element it stands in. */
const safeJson = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

const ICON = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="#0f766e" stroke-width="3.4" stroke-linecap="round"><path d="M3 23h4c7 0 5-14 12-14h10"/><circle cx="19" cy="9" r="4.4" fill="#0f766e" stroke="none"/></svg>')}`;

interface ShellProps {
  readonly title: string;
  readonly assets: Assets;
  readonly alive: boolean;
  /** Seconds after which the page loads itself again where no script does it for a part of the page. */
  readonly reloadSeconds?: number | undefined;
  readonly children: ReactNode;
}

/** The page's words are English so far, whatever the locale of dates and reasons; the direction follows the words. */
const Shell = ({ title, assets, alive, reloadSeconds, children }: ShellProps): ReactNode => (
  <html lang="en" dir="ltr">
    <head>
      <meta charSet="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <link rel="icon" href={ICON} />
      <title>{title}</title>
      {assets.styles.map((href) => <link key={href} rel="stylesheet" href={href} />)}
      {reloadSeconds !== undefined && <noscript><meta httpEquiv="refresh" content={String(reloadSeconds)} /></noscript>}
      {alive && <script type="module" src={assets.script} />}
    </head>
    <body>{children}</body>
  </html>
);

interface LivingProps<Kind extends AnyView> { readonly view: Kind; readonly assets: Assets }

const nameOf = (view: AnyView): string => view.memberName ?? words.member(idOf(memberOf(view)));

/** A page that the browser takes over from the same view. */
const Living = ({ title, view, assets, children }: LivingProps<AnyView> & { readonly title: string; readonly children: ReactNode }): ReactNode => (
  <Shell title={`${title} · ${words.product}`} assets={assets} alive>
    <div id="root">{children}</div>
    <script id={VIEW_ELEMENT} type="application/json" dangerouslySetInnerHTML={{ __html: safeJson(view) }} />
  </Shell>
);

export const FeedDocument = ({ view, assets }: LivingProps<View>): ReactNode => <Living title={words.feedOf(nameOf(view))} view={view} assets={assets}><App view={view} /></Living>;

export const NetworkDocument = ({ view, assets }: LivingProps<NetworkView | CohortView>): ReactNode => (
  <Living title={('cohortPage' in view ? view.cohortPage.cohort?.title : undefined) ?? words.networkOf(nameOf(view))} view={view} assets={assets}><Network view={view} /></Living>
);

/** Links alone: it needs no script. */
export const FrontDocument = ({ members, assets }: { readonly members: readonly FrontMember[]; readonly assets: Assets }): ReactNode => (
  <Shell title={words.product} assets={assets} alive={false}><FrontPage members={members} /></Shell>
);

/** Loads itself again in such steps while a run goes on, where no script does. */
const RELOAD_SECONDS = 5;

interface ModelsProps { readonly models: ModelsView; readonly reloads: boolean; readonly locale: string; readonly assets: Assets }

export const ModelsDocument = ({ models, reloads, locale, assets }: ModelsProps): ReactNode => {
  const live = reloads && models.journey.run?.state === 'training';
  return (
    <Shell title={`${modelWords.title} · ${words.product}`} assets={assets} alive={live} reloadSeconds={live ? RELOAD_SECONDS : undefined}>
      <ModelsPage models={models} reloads={reloads} locale={locale} />
    </Shell>
  );
};

interface JourneyProps { readonly reading: JourneyReading | null; readonly member: string; readonly name: string | null; readonly locale: string; readonly assets: Assets }

export const JourneyDocument = ({ reading, member, name, locale, assets }: JourneyProps): ReactNode => (
  <Shell title={`${journeyWords.title} · ${words.product}`} assets={assets} alive={false}>
    <JourneyPage reading={reading} member={member} name={name ?? words.member(member)} locale={locale} />
  </Shell>
);
