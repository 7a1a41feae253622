import type { ReactNode } from 'react';
import styles from './app.module.css';
import { Mark } from './Mark.tsx';
import { Avatar } from './ui/Avatar.tsx';
import { Icon } from './ui/Icon.tsx';
import { feedPath, idOf, networkPath } from './view.ts';
import { words } from './words.ts';

/** `whole`: the page itself, and not one that it leads to. */
export interface Here { readonly place: 'feed' | 'network'; readonly whole: boolean }
interface HeaderProps { readonly member: string; readonly name: string | null; readonly here: Here; readonly onSettings: () => void }

/** What stands above each page of a member: the way from one to the other, and the switches. */
export const Header = ({ member, name, here, onSettings }: HeaderProps): ReactNode => {
  const shown = name ?? words.member(idOf(member));
  const places = [{ place: 'feed', path: feedPath(member), label: words.feed, icon: 'article' }, { place: 'network', path: networkPath(member), label: words.network, icon: 'group' }] as const;
  return (
    <header className={styles['bar']}>
      <div className={styles['barInner']}>
        <a className={styles['brand']} href="/"><Mark /><span>{words.product}</span></a>
        <nav className={styles['places']} aria-label={words.places}>
          {places.map(({ place, path, label, icon }) => (
            <a key={place} href={path} aria-current={place !== here.place ? undefined : here.whole ? 'page' : 'true'}><Icon name={icon} /><span>{label}</span></a>
          ))}
        </nav>
        <button type="button" className={styles['settings']} onClick={onSettings}><Icon name="settings" /><span>{words.settings}</span></button>
        <p className={styles['who']}><Avatar name={shown} /><span>{shown}</span></p>
      </div>
    </header>
  );
};
