import { useEffect, useState, type ReactNode } from 'react';
import type { Consent } from 'throughline/client';
import { useServices } from './ui/contexts.ts';
import { Dialog } from './ui/Dialog.tsx';
import styles from './app.module.css';
import { words } from './words.ts';

const FAMILIES = ['profile', 'activity', 'graph', 'sequence', 'messages'] as const satisfies readonly (keyof Consent)[];

/** One switch per signal family; each press is saved at once, and shown as it was when that fails. */
export const SettingsDialog = ({ onClose }: { readonly onClose: () => void }): ReactNode => {
  const [consent, setConsent] = useState<Consent>();
  const [note, setNote] = useState<string>(words.settingsLoading);
  const services = useServices();
  useEffect(() => {
    let open = true;
    services().client.consent().then(
      (answer) => { if (open) { setConsent(answer); setNote(''); } },
      () => { if (open) setNote(words.settingsFailed); },
    );
    return () => { open = false; };
  }, [services]);

  const change = async (before: Consent, family: keyof Consent): Promise<void> => {
    const after = { ...before, [family]: !before[family] };
    setConsent(after);
    try {
      await services().client.setConsent(after);
      setNote(words.settingsSaved);
    } catch {
      setConsent(before);
      setNote(words.settingsFailed);
    }
  };
  return (
    <Dialog title={words.settings} onClose={onClose}>
      <p>{words.settingsLead}</p>
      <ul className={styles['families']}>
        {FAMILIES.map((family) => (
          <li key={family}>
            <label>
              <span><span className={styles['familyName']}>{words.families[family][0]}</span><span className={styles['familyNote']}>{words.families[family][1]}</span></span>
              <input type="checkbox" role="switch" checked={consent?.[family] ?? false} disabled={consent === undefined}
                onChange={() => { if (consent !== undefined) void change(consent, family); }} />
            </label>
          </li>
        ))}
      </ul>
      <p role="status" className={styles['note']}>{note}</p>
    </Dialog>
  );
};
