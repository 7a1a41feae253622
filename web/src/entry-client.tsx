import { hydrateRoot } from 'react-dom/client';
import { App } from './App.tsx';
import './tokens.css';
import { createServices } from './services.ts';
import { ServicesContext } from './ui/contexts.ts';
import { VIEW_ELEMENT, type View } from './view.ts';

const root = document.querySelector('#root');
const data = document.querySelector(`#${VIEW_ELEMENT}`);
if (root !== null && data !== null) {
  const view = JSON.parse(data.textContent) as View;
  history.scrollRestoration = 'manual';
  hydrateRoot(root, <ServicesContext value={createServices(view.page.member)}><App view={view} /></ServicesContext>);
}
