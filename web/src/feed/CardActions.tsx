import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { FeedItem } from 'throughline/client';
import { useAnnounce, useServices } from '../ui/contexts.ts';
import { Icon, isIcon, type IconName } from '../ui/Icon.tsx';
import { words } from '../words.ts';
import styles from './feed.module.css';
import { primaryOf, type Primary } from './primary.ts';
import { useToggle } from '../ui/useToggle.ts';

export type Dismissal = 'hide' | 'notInterested';
interface ActionButtonProps {
  readonly icon: IconName; readonly label: string; readonly about: string; readonly onClick: () => void;
  readonly pressed?: boolean; readonly quiet?: boolean; readonly brief?: boolean; readonly focus?: boolean; readonly primary?: boolean;
  /** Done, and not to be taken back: said, and kept in the order of the keyboard. */
  readonly final?: boolean;
}

const ActionButton = ({ icon, label, about, onClick, pressed, quiet = false, brief = false, focus = false, primary = false, final = false }: ActionButtonProps): ReactNode => {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => { if (focus) button.current?.focus({ preventScroll: true }); }, [focus]);
  return (
    <button ref={button} type="button" className={styles['action']} data-quiet={quiet || undefined} data-brief={brief || undefined} data-primary={primary || undefined} aria-pressed={pressed} aria-disabled={final || undefined} onClick={onClick}>
      <Icon name={icon} filled={pressed ?? false} /><span className={styles['actionLabel']}>{label}</span>
      <span className={styles['visuallyHidden']}>{words.about(about)}</span>
    </button>
  );
};

/** What one does with an item of this kind, before anything else: join, attend, start, connect. */
const PrimaryButton = ({ item, primary: { action, isFinal } }: { readonly item: FeedItem; readonly primary: Primary }): ReactNode => {
  const { on, press } = useToggle(item, action);
  const [before, after] = words.primary[action];
  const isOver = isFinal && on;
  return <ActionButton icon={isIcon(item.kind) ? item.kind : 'spark'} label={on ? after : before} about={item.card.title} primary pressed={on} final={isOver} onClick={() => { if (!isOver) press(); }} />;
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
  const primary = primaryOf(item.kind);

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
      {primary !== undefined && <PrimaryButton item={item} primary={primary} />}
      <ActionButton icon="like" label={words.like} about={about} pressed={like.on} onClick={() => like.press()} />
      <ActionButton icon="save" label={words.save} about={about} pressed={save.on} onClick={() => save.press()} />
      <ActionButton icon="share" label={shared ? words.linkCopied : words.share} about={about} brief onClick={() => void share()} />
      <span className={styles['apart']} />
      <ActionButton icon="notInterested" label={words.notInterested} about={about} quiet focus={focus === 'notInterested'} onClick={() => { onDismiss('notInterested'); }} />
      <ActionButton icon="hide" label={words.hide} about={about} quiet focus={focus === 'hide'} onClick={() => { onDismiss('hide'); }} />
    </div>
  );
};
