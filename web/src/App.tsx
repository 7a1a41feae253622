import type { ReactNode } from 'react';
import styles from './app.module.css';
import { Feed } from './feed/Feed.tsx';
import { Frame } from './Frame.tsx';
import { Icon } from './ui/Icon.tsx';
import { feedPath, type View } from './view.ts';
import { words } from './words.ts';

const Keys = (): ReactNode => (
  <section className={styles['keys']} aria-labelledby="keys-title">
    <h2 id="keys-title"><Icon name="keyboard" />{words.keyboard}</h2>
    <dl>
      {words.keys.map(([keys, what]) => (
        <div key={what}><dt>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt><dd>{what}</dd></div>
      ))}
    </dl>
  </section>
);

export const App = ({ view }: { readonly view: View }): ReactNode => (
  <Frame view={view} here={{ place: 'feed', whole: true }} skip={{ to: '#feed', label: words.skipToFeed }}>
    {(openSettings) => (
      <div className={styles['frame']}>
        <main className={styles['main']}><Feed view={view} onSettings={openSettings} /></main>
        <aside className={styles['side']} aria-label={words.thisPage}>
          <Keys />
          <a className={styles['top']} href={`${feedPath(view.page.member)}/journey`}>{words.journey}</a>
          <a className={styles['top']} href="#feed-title">{words.toTop}</a>
        </aside>
      </div>
    )}
  </Frame>
);
