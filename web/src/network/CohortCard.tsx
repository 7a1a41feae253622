import { useId, useState, type ReactNode } from 'react';
import type { CardButton, DiscoveryCard, DiscoveryPage } from 'throughline/client';
import { Dialog } from '../ui/Dialog.tsx';
import { Icon } from '../ui/Icon.tsx';
import ui from '../ui/ui.module.css';
import { words } from '../words.ts';
import { CardLayout } from './CardLayout.tsx';
import { nameOf, type Layout } from './layout.ts';
import styles from './network.module.css';
import { useCard, type CardBehaviour } from './useCard.ts';

interface ActionProps { readonly button: CardButton; readonly name: string; readonly does: Pick<CardBehaviour, 'on' | 'final' | 'press'> }

/** Says what it does, then what was done; pressed once more it takes that back, and says so to those who only hear it. */
const Action = ({ button, name, does: { on, final, press } }: ActionProps): ReactNode => (
  <button type="button" className={styles['action']} data-on={on || undefined} aria-disabled={final || undefined} title={on && !final ? button.undo : undefined} onClick={press}>
    <span>{on ? button.done : button.label}</span>
    <span className={ui['visuallyHidden']}>{on && !final ? ` (${button.undo})` : ''}{words.about(name)}</span>
  </button>
);

/** Everything the card says, in full: what was cut and what was left out too. */
const Details = ({ card, layout, action, onClose }: { readonly card: DiscoveryCard; readonly layout: Layout; readonly action: ReactNode; readonly onClose: () => void }): ReactNode => {
  const texts = layout.slots(card).filter(({ slot }) => slot !== 'primary').map(({ text }) => text);
  return (
    <Dialog title={nameOf(card)} onClose={onClose}>
      <div className={styles['details']}>
        {texts.map((text) => <p key={text}><bdi>{text}</bdi></p>)}
        {!texts.includes(card.reason.text) && <p className={styles['why']}><Icon name="spark" /><span>{card.reason.text}</span></p>}
        {action}
      </div>
    </Dialog>
  );
};

export interface CohortCardProps {
  readonly card: DiscoveryCard;
  readonly layout: Layout;
  readonly button: CardButton;
  readonly said: DiscoveryPage['words'];
  readonly onDismiss: (card: DiscoveryCard) => void;
}

/** One card: its layout and its behaviour, brought together. */
export const CohortCard = ({ card, layout, button, said, onDismiss }: CohortCardProps): ReactNode => {
  const id = useId();
  const { watch, view, ...does } = useCard(card, button);
  const [open, setOpen] = useState(false);
  const name = nameOf(card);
  const action = <Action button={button} name={name} does={does} />;
  const onOpen = (): void => {
    view();
    setOpen(true);
  };
  return (
    <li className={styles['item']} aria-labelledby={id}>
      <CardLayout card={card} layout={layout} id={id} ref={watch} onOpen={onOpen} button={action} dismiss={(
        <button type="button" className={styles['dismiss']} title={said.dismiss} onClick={() => { onDismiss(card); }}>
          <Icon name="close" /><span className={ui['visuallyHidden']}>{said.dismiss}{words.about(name)}</span>
        </button>
      )} />
      {open && <Details card={card} layout={layout} action={action} onClose={() => { setOpen(false); }} />}
    </li>
  );
};
