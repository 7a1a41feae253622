import type { JourneyModel, SecondPassModel } from 'throughline/client';
import type { ReactNode } from 'react';
import { count, figure, moment } from './figures.ts';
import styles from '../pages.module.css';
import { modelWords as words } from './modelWords.ts';

interface Row { readonly version: string; readonly serves: boolean; readonly cells: readonly string[] }

/** Characters: a cell with more is a sentence, and gets room to be read. */
const LONGEST_FIGURE = 40;

/** Wider than a small screen: it scrolls in itself, by keys too. */
const Table = ({ name, columns, rows }: { readonly name: string; readonly columns: readonly string[]; readonly rows: readonly Row[] }): ReactNode => (
  <div className={styles['scroll']} role="region" aria-label={words.tableOf(name)} tabIndex={0}>
    <table>
      <thead><tr>{[words.version, words.serves, ...columns].map((column) => <th key={column} scope="col">{column}</th>)}</tr></thead>
      <tbody>
        {rows.map(({ version, serves, cells }) => (
          <tr key={version}>
            <th scope="row">{version}</th>
            <td>{serves ? <span className={styles['on']}>{words.servesNow}</span> : words.before}</td>
            {cells.map((cell, column) => <td key={columns[column]} data-sentence={cell.length > LONGEST_FIGURE || undefined}>{cell}</td>)}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

export const JourneyVersions = ({ versions, locale }: { readonly versions: readonly JourneyModel[]; readonly locale: string }): ReactNode => (
  <Table
    name={words.versions} columns={[words.created, words.metric, words.members, words.events]}
    rows={versions.map(({ version, serves, createdAt, figures, members, events }) => {
      const metric = figures['ndcg@10'];
      return { version, serves, cells: [moment(createdAt, locale), metric === undefined ? '–' : figure(metric), count(members, locale), count(events, locale)] };
    })}
  />
);

/** Of the figures on a card those that versions are compared by; the card itself has them all. */
const COMPARED = ['auc', 'ndcg@10', 'logLoss', 'observedOverExpected', 'ece'] as const;

export const SecondPassVersions = ({ versions, locale }: { readonly versions: readonly SecondPassModel[]; readonly locale: string }): ReactNode => {
  const shown = COMPARED.filter((name) => versions.some(({ figures }) => figures[name] !== undefined));
  return (
    <Table
      name={words.secondPassVersions} columns={[words.created, words.examples, ...shown.map((name) => words.compared[name]), words.gate]}
      rows={versions.map(({ version, serves, createdAt, examples, figures, gate }) => {
        const cells = shown.map((name) => { const value = figures[name]; return value === undefined ? '–' : figure(value); });
        return { version, serves, cells: [moment(createdAt, locale), count(examples, locale), ...cells, gate] };
      })}
    />
  );
};
