import type { ReactNode } from 'react';
import styles from './app.module.css';
import { Mark } from './Mark.tsx';
import { Avatar } from './ui/Avatar.tsx';
import { words } from './words.ts';

/** A member to begin with. */
export interface FrontMember { readonly id: string; readonly name: string | null; readonly headline?: string | null }

/** Where the server is greeted without a member: a short list of feeds to open. */
export const FrontPage = ({ members }: { readonly members: readonly FrontMember[] }): ReactNode => (
  <>
    <header className={styles['bar']}><div className={styles['barInner']}><a className={styles['brand']} href="/"><Mark />{words.product}</a></div></header>
    <main className={styles['front']}>
      <h1>{words.frontTitle}</h1>
      <p className={styles['frontLead']}>{words.frontLead}</p>
      {members.length > 0 && (
        <ul className={styles['members']}>
          {members.map(({ id, name, headline }) => (
            <li key={id}>
              <a href={`/members/${encodeURIComponent(id)}`}>
                <Avatar name={name ?? words.member(id)} />
                <span><span className={styles['familyName']}>{name ?? words.member(id)}</span>{headline && <span className={styles['familyNote']}>{headline}</span>}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
      <form className={styles['frontForm']} action="/" method="get">
        <label htmlFor="member">{words.frontAny}</label>
        <input id="member" name="member" required maxLength={128} autoComplete="off" spellCheck={false} />
        <button type="submit">{words.frontOpen}</button>
      </form>
      <p className={styles['frontNote']}><a href="/v1/openapi.json">{words.frontApi}</a></p>
    </main>
  </>
);
