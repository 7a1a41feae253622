import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { FeedItem } from 'throughline/client';
import { useAnnounce, useServices } from '../ui/contexts.ts';
import { Icon, type IconName } from '../ui/Icon.tsx';
import { words } from '../words.ts';
import styles from './feed.module.css';
import { useToggle } from './useToggle.ts';

export type Dismissal = 'hide' | 'notInterested';
interface ActionButtonProps {
  readonly icon: IconName; readonly label: string; readonly about: string; readonly onClick: () => void;
  readonly pressed?: boolean; readonly quiet?: boolean; readonly brief?: boolean; readonly focus?: boolean;
}

const ActionButton = ({ icon, label, about, onClick, pressed, quiet = false, brief = false, focus = false }: ActionButtonProps): ReactNode => {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => { if (focus) button.current?.focus({ preventScroll: true }); }, [focus]);
  return (
    <button ref={button} type="button" className={styles['action']} data-quiet={quiet || undefined} data-brief={brief || undefined} aria-pressed={pressed} onClick={onClick}>
      <Icon name={icon} filled={pressed ?? false} /><span className={styles['actionLabel']}>{label}</span>
      <span className={styles['visuallyHidden']}>{words.about(about)}</span>
    </button>
  );
};

interface CardActionsProps { readonly item: FeedItem; readonly focus: Dismissal | undefined; readonly onDismiss: (which: Dismissal) => void }

/** `focus`: the button to give the focus back to, after an undo. */
export const CardActions = ({ item, focus, onDismiss }: CardActionsProps): ReactNode => {
  const like = useToggle(item, 'like');
  const save = useToggle(item, 'save');
  const [shared, setShared] = useState(false);
  const services = useServices();
  const announce = useAnnounce();
  const about = item.card.title;

  const share = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(item.card.url ?? `${location.origin}/v1/entities/${item.item.replace(':', '/')}`);
    } catch {
      announce(words.shareFailed);
      return;
    }
    services().act(item, 'share');
    setShared(true);
    announce(words.linkCopied);
  };
  return (
    <div className={styles['actions']}>
      <ActionButton icon="like" label={words.like} about={about} pressed={like.on} onClick={() => like.press()} />
      <ActionButton icon="save" label={words.save} about={about} pressed={save.on} onClick={() => save.press()} />
      <ActionButton icon="share" label={shared ? words.linkCopied : words.share} about={about} brief onClick={() => void share()} />
      <span className={styles['apart']} />
      <ActionButton icon="notInterested" label={words.notInterested} about={about} quiet focus={focus === 'notInterested'} onClick={() => { onDismiss('notInterested'); }} />
      <ActionButton icon="hide" label={words.hide} about={about} quiet focus={focus === 'hide'} onClick={() => { onDismiss('hide'); }} />
    </div>
  );
};
