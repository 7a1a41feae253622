import { useState, type ReactNode } from 'react';
import styles from './app.module.css';
import { Header, type Here } from './Header.tsx';
import { SettingsDialog } from './SettingsDialog.tsx';
import { AnnounceContext } from './ui/contexts.ts';
import { memberOf, type AnyView } from './view.ts';

interface FrameProps {
  readonly view: AnyView;
  readonly here: Here;
  /** Where the skip link leads, and what it says. */
  readonly skip: { readonly to: string; readonly label: string };
  readonly children: (openSettings: () => void) => ReactNode;
}

/** What every page of a member has around it: the header, the switches, and a voice for screen readers. */
export const Frame = ({ view, here, skip, children }: FrameProps): ReactNode => {
  const [said, setSaid] = useState('');
  const [settings, setSettings] = useState(false);
  const openSettings = (): void => { setSettings(true); };
  return (
    <AnnounceContext value={setSaid}>
      <a className={styles['skip']} href={skip.to}>{skip.label}</a>
      <Header member={memberOf(view)} name={view.memberName} here={here} onSettings={openSettings} />
      {children(openSettings)}
      <p className={styles['said']} role="status">{said}</p>
      {settings && <SettingsDialog onClose={() => { setSettings(false); }} />}
    </AnnounceContext>
  );
};
