import type { ReactNode, Ref } from 'react';
import type { DiscoveryCard } from 'throughline/client';
import { hueOf } from '../ui/Avatar.tsx';
import { nameOf, type Layout } from './layout.ts';
import styles from './network.module.css';

interface CardLayoutProps {
  readonly card: DiscoveryCard;
  readonly layout: Layout;
  readonly id: string;
  readonly ref: Ref<HTMLDivElement>;
  readonly onOpen: () => void;
  readonly button: ReactNode;
  readonly dismiss: ReactNode;
}

/** By a member, in whatever direction; the others are sentences of the page, whatever name they begin with. */
const isWritten = (slot: string): boolean => slot !== 'socialProof';

/** Where the parts of a card stand. It knows slots, and neither what they say nor what the buttons do. */
export const CardLayout = ({ card, layout, id, ref, onOpen, button, dismiss }: CardLayoutProps): ReactNode => {
  const slots = layout.slots(card);
  return (
    <div ref={ref} className={styles['card']} data-size={layout.size} data-hue={hueOf(card.item)} data-tracking-id={card.trackingId}>
      <span className={styles['picture']} data-shape={card.image.shape} aria-hidden="true"><span>{card.image.initials}</span></span>
      <div className={styles['texts']}>
        <h3 id={id} title={nameOf(card)}>
          <button type="button" className={styles['name']} onClick={onOpen}>
            <span className={styles['slot']} data-slot="primary" data-lines={slots.find(({ slot }) => slot === 'primary')?.lines ?? 2} dir="auto">{nameOf(card)}</span>
          </button>
        </h3>
        {slots.filter(({ slot }) => slot !== 'primary').map(({ slot, text, lines, drop }) => (
          <p key={slot} className={styles['slot']} data-slot={slot} data-lines={lines} data-drop={drop} dir={isWritten(slot) ? 'auto' : undefined} title={text}>{text}</p>
        ))}
      </div>
      {button}
      {dismiss}
    </div>
  );
};
