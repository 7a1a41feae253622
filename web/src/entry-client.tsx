import { hydrateRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { Network } from './network/Network.tsx';
import { SURFACE } from './network/surface.ts';
import './tokens.css';
import { createServices } from './services.ts';
import { ServicesContext } from './ui/contexts.ts';
import { VIEW_ELEMENT, memberOf, type AnyView } from './view.ts';

const root = document.querySelector('#root');
const data = document.querySelector(`#${VIEW_ELEMENT}`);
if (root !== null && data !== null) {
  const view = JSON.parse(data.textContent) as AnyView;
  const isFeed = 'page' in view;
  // The feed finds its own way back to where it was left.
  if (isFeed) history.scrollRestoration = 'manual';
  const services = createServices(memberOf(view), isFeed ? undefined : SURFACE);
  hydrateRoot(root, <ServicesContext value={services}>{isFeed ? <App view={view} /> : <Network view={view} />}</ServicesContext>);
}
