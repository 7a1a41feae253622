import { useState, type ReactNode } from 'react';
import styles from './app.module.css';
import { Feed } from './feed/Feed.tsx';
import { Mark } from './Mark.tsx';
import { SettingsDialog } from './SettingsDialog.tsx';
import { Avatar } from './ui/Avatar.tsx';
import { AnnounceContext } from './ui/contexts.ts';
import { Icon } from './ui/Icon.tsx';
import { idOf, type View } from './view.ts';
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

export const App = ({ view }: { readonly view: View }): ReactNode => {
  const [said, setSaid] = useState('');
  const [settings, setSettings] = useState(false);
  const name = view.memberName ?? words.member(idOf(view.page.member));
  const openSettings = (): void => { setSettings(true); };
  return (
    <AnnounceContext value={setSaid}>
      <a className={styles['skip']} href="#feed">{words.skipToFeed}</a>
      <header className={styles['bar']}>
        <div className={styles['barInner']}>
          <a className={styles['brand']} href="/"><Mark />{words.product}</a>
          <button type="button" className={styles['settings']} onClick={openSettings}><Icon name="settings" /><span>{words.settings}</span></button>
          <p className={styles['who']}><Avatar name={name} /><span>{name}</span></p>
        </div>
      </header>
      <div className={styles['frame']}>
        <main className={styles['main']}><Feed view={view} onSettings={openSettings} /></main>
        <aside className={styles['side']} aria-label={words.thisPage}>
          <Keys />
          <a className={styles['top']} href={`/members/${encodeURIComponent(idOf(view.page.member))}/journey`}>{words.journey}</a>
          <a className={styles['top']} href="#feed-title">{words.toTop}</a>
        </aside>
      </div>
      <p className={styles['said']} role="status">{said}</p>
      {settings && <SettingsDialog onClose={() => { setSettings(false); }} />}
    </AnnounceContext>
  );
};
