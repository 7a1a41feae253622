import type { Expected, JourneyReading } from 'throughline/client';
import type { ReactNode } from 'react';
import app from '../app.module.css';
import { Mark } from '../Mark.tsx';
import { moment } from '../models/figures.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { kindName, words as common } from '../words.ts';
import styles from '../pages.module.css';
import { journeyWords as words } from './journeyWords.ts';

interface JourneyPageProps { readonly reading: JourneyReading | null; readonly member: string; readonly name: string; readonly locale: string }

const percent = (share: number, locale: string): string => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: share < 0.1 ? 1 : 0 }).format(share);

/** A share as a length, beside its number. */
const Bar = ({ share }: { readonly share: number }): ReactNode => (
  <svg className={styles['bar']} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="6" rx="3" /><rect className={styles['filled']} width={Math.max(1, share * 100).toFixed(1)} height="6" rx="3" /></svg>
);

const Shares = ({ name, expected, locale, title = (each) => each }: { readonly name: string; readonly expected: readonly Expected[]; readonly locale: string; readonly title?: (name: string) => string }): ReactNode => (
  <div>
    <h3>{name}</h3>
    {expected.length === 0 ? <p className={styles['soft']}>{words.nothingParticular}</p> : (
      <ul className={styles['shares']}>{expected.map((each) => <li key={each.name}><span>{title(each.name)}</span><span className={styles['share']}>{percent(each.share, locale)}</span><Bar share={each.share} /></li>)}</ul>
    )}
  </div>
);

type ReadEvent = JourneyReading['events'][number];

const Event = ({ event, most, locale }: { readonly event: ReadEvent; readonly most: number; readonly locale: string }): ReactNode => (
  <li>
    <p className={styles['deed']}>{words.actions[event.action] ?? event.action}: <strong>{event.title}</strong></p>
    <p className={styles['soft']}>{[words.surfaces[event.surface] ?? event.surface, moment(event.at, locale), ...(event.dwell === null ? [] : [words.looked(event.dwell)])].join(' · ')}</p>
    <p className={styles['share']}>{event.weight === null ? words.unread : words.counts(percent(event.weight, locale))}</p>
    {event.weight !== null && <Bar share={most > 0 ? event.weight / most : 0} />}
  </li>
);

const Read = ({ reading, locale }: { readonly reading: JourneyReading; readonly locale: string }): ReactNode => {
  const { events, next, changes } = reading;
  const titles = new Map(events.map(({ item, title }) => [item, title]));
  const most = Math.max(0, ...events.map(({ weight }) => weight ?? 0));
  return (
    <>
      {next.items.length > 0 && (
        <section className={styles['card']} aria-labelledby="next-title">
          <h2 id="next-title">{words.next}</h2>
          <div className={styles['columns']}>
            <Shares name={words.kinds} expected={next.kinds} locale={locale} title={kindName} />
            <Shares name={words.topics} expected={next.topics} locale={locale} />
          </div>
          <h3>{words.items}</h3>
          <ol className={styles['items']}>{next.items.map(({ item, title }) => <li key={item}>{title}</li>)}</ol>
        </section>
      )}
      {events.length > 0 && (
        <section className={styles['card']} aria-labelledby="events-title">
          <h2 id="events-title">{words.events}</h2>
          <ol className={styles['events']}>{events.toReversed().map((event, i) => <Event key={`${event.at} ${event.item} ${i}`} event={event} most={most} locale={locale} />)}</ol>
        </section>
      )}
      {changes.length > 0 && (
        <section className={styles['card']} aria-labelledby="changes-title">
          <h2 id="changes-title">{words.changes}</h2>
          <p className={styles['soft']}>{words.changesLead}</p>
          <ol className={styles['items']}>
            {changes.toReversed().map(({ after, at, topics }, i) => (
              <li key={`${at} ${i}`}>{words.after(titles.get(after) ?? after)}: {topics.length === 0 ? words.nothingParticular : topics.map(({ name, share }) => `${name} ${percent(share, locale)}`).join(', ')}</li>
            ))}
          </ol>
        </section>
      )}
    </>
  );
};

/** What is read in a member's own events, in their words. Everything is in the HTML. */
export const JourneyPage = ({ reading, member, name, locale }: JourneyPageProps): ReactNode => (
  <>
    <a className={app['skip']} href="#journey">{words.skip}</a>
    <header className={app['bar']}>
      <div className={app['barInner']}><a className={app['brand']} href="/"><Mark />{common.product}</a><p className={app['who']}><Avatar name={name} /><span>{name}</span></p></div>
    </header>
    <main id="journey" className={styles['reading']}>
      <p><a className={styles['back']} href={`/members/${encodeURIComponent(member)}`}>{words.back}</a></p>
      <h1>{words.title}</h1>
      <p className={styles['lead']}>{words.lead}</p>
      <p>{reading === null ? words.noModel : words.bases[reading.basis]} <span className={styles['soft']}>{words.switches}</span></p>
      {reading !== null && <Read reading={reading} locale={locale} />}
    </main>
  </>
);
