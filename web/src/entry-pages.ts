/** What pages without React in the browser need: their styles, and a script that keeps the page of models current. */
import { keepCurrent } from './models/keepCurrent.ts';
import styles from './pages.module.css';

// The class is asked for, and so the bundler keeps the styles that nothing else here names.
if (document.querySelector(`.${styles['page'] ?? ''}`) !== null) keepCurrent(document, () => fetch(location.href, { headers: { accept: 'text/html' } }));
