import type { JourneyModel, ModelsView } from 'throughline/client';
import type { ReactNode } from 'react';
import app from '../app.module.css';
import { Mark } from '../Mark.tsx';
import { words as common } from '../words.ts';
import { Curves } from './Curves.tsx';
import { Facts } from './Facts.tsx';
import { bytes, count, duration, figure, moment } from './figures.ts';
import styles from '../pages.module.css';
import { modelWords as words } from './modelWords.ts';
import { Run } from './Run.tsx';
import { JourneyVersions, SecondPassVersions } from './Versions.tsx';

interface ModelsPageProps { readonly models: ModelsView; readonly reloads: boolean; readonly locale: string }

const named = (values: Readonly<Record<string, string | number>>): string => Object.entries(values).map(([name, value]) => `${name} ${typeof value === 'number' ? figure(value) : value}`).join(', ');

const Card = ({ model, locale }: { readonly model: JourneyModel; readonly locale: string }): ReactNode => (
  <section className={styles['card']} aria-labelledby="card-title">
    <div className={styles['head']}><h2 id="card-title">{words.card}</h2><span className={styles['version']}>{model.version}</span></div>
    <Facts facts={[
      [words.figures, Object.keys(model.figures).length === 0 ? words.tooFew : named(model.figures)],
      [words.chosen, model.chosen], [words.protocol, model.protocol],
      [words.data, words.dataText(count(model.events, locale), count(model.members, locale), count(model.items, locale))],
      [words.sizes, `${named(model.sizes)}; ${count(model.parameters, locale)} parameters`], [words.size, bytes(model.bytes)],
      [words.created, moment(model.createdAt, locale)], [words.took, duration(model.seconds * 1000)],
      [words.machine, model.machine === null ? words.notNoted : named(model.machine)], [words.seed, String(model.seed)], [words.commit, model.commit],
      [words.dataHash, model.dataHash === null ? words.notNoted : <code>{model.dataHash}</code>],
    ]} />
    <h3>{words.learned}</h3>
    <Curves id="card" curve={model.curve} live={false} />
  </section>
);

const Empty = ({ text, command }: { readonly text: string; readonly command: string }): ReactNode => <p className={styles['soft']}>{text} {words.trainWith} <code>{command}</code>.</p>;

const Serving = ({ models: { journey, secondPass } }: { readonly models: ModelsView }): ReactNode => (
  <section className={styles['card']} aria-labelledby="serving-title">
    <h2 id="serving-title">{words.serving}</h2>
    <Facts facts={[
      [words.journeyRole, <><strong key="v">{journey.serving ?? words.none}</strong> <span key="n" className={styles['soft']}>{words.journeyNote}</span></>],
      [words.secondPassRole, <><strong key="v">{secondPass.serving ?? words.none}</strong> <span key="n" className={styles['soft']}>{words.secondPassNote}</span></>],
      [words.values, <><strong key="v">{secondPass.values.version}</strong> <span key="n" className={styles['soft']}>{words.valuesText(Object.entries(secondPass.values.actions))}</span></>],
    ]} />
  </section>
);

/** The console's page of models: everything is in the HTML; a script only keeps a run that goes on current. */
export const ModelsPage = ({ models, reloads, locale }: ModelsPageProps): ReactNode => {
  const { journey, secondPass, faults } = models;
  const serving = journey.versions.find(({ serves }) => serves);
  return (
    <>
      <a className={app['skip']} href="#models">{words.skip}</a>
      <header className={app['bar']}><div className={app['barInner']}><a className={app['brand']} href="/"><Mark />{common.product}</a><span className={styles['soft']}>{words.console}</span></div></header>
      <main id="models" className={styles['page']}>
        <h1>{words.title}</h1>
        <p className={styles['lead']}>{words.lead}</p>
        <Serving models={models} />
        {journey.run !== null && <Run run={journey.run} reloads={reloads} locale={locale} />}
        {serving !== undefined && <Card model={serving} locale={locale} />}
        <section className={styles['card']} aria-labelledby="versions-title">
          <h2 id="versions-title">{words.versions}</h2>
          {journey.versions.length === 0 ? <Empty text={words.noJourney} command={words.command} /> : <JourneyVersions versions={journey.versions} locale={locale} />}
          <h3>{words.secondPassVersions}</h3>
          {secondPass.versions.length === 0 ? <Empty text={words.noSecondPass} command={words.trainAll} /> : <SecondPassVersions versions={secondPass.versions} locale={locale} />}
        </section>
        {faults.length > 0 && (
          <section className={styles['card']} aria-labelledby="faults-title">
            <h2 id="faults-title">{words.faults}</h2>
            <Facts facts={faults.map(({ version, detail }) => [version, detail] as const)} />
          </section>
        )}
      </main>
    </>
  );
};
