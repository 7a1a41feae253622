import { useEffect, useState, type ReactNode } from 'react';
import type { FeedItem } from 'throughline/client';
import { useServices } from '../ui/contexts.ts';
import { Dialog } from '../ui/Dialog.tsx';
import ui from '../ui/ui.module.css';
import { words } from '../words.ts';
import styles from './feed.module.css';

interface WhyDialogProps { readonly item: FeedItem; readonly onClose: () => void; readonly onSettings: () => void }

export const WhyDialog = ({ item, onClose, onSettings }: WhyDialogProps): ReactNode => {
  const [sentences, setSentences] = useState<readonly string[]>([words.whyLoading]);
  const services = useServices();
  useEffect(() => {
    let open = true;
    services().client.why(item.trackingId).then(
      (answer) => { if (open) setSentences(answer.sentences); },
      () => { if (open) setSentences([words.whyFailed]); },
    );
    return () => { open = false; };
  }, [item.trackingId, services]);
  return (
    <Dialog title={words.whyTitle} onClose={onClose}>
      <p className={styles['whyItem']}>{item.card.title}</p>
      <div className={styles['whySentences']} aria-live="polite">{sentences.map((sentence) => <p key={sentence}>{sentence}</p>)}</div>
      <button type="button" className={ui['button']} onClick={() => { onClose(); onSettings(); }}>{words.settings}</button>
    </Dialog>
  );
};
