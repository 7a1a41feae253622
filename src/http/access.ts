/** What a caller may reach. One rule per route, declared in its row; nothing else in this room decides. */
import { ThroughlineError } from '../core/errors.ts';
import { isLoopback, type Caller } from './auth.ts';
import { type Scope } from '../core/scopes.ts';

export type Access =
  /** Nothing of a member is in it: health, the API's own description, the shell of the page. */
  | 'public'
  /** Any API key. */
  | 'anyKey'
  | {
    readonly scope: Scope;
    /**
     * What a member token may do here: nothing (absent), act on the member named in the path (`path`), or reach what its
     * handler checks to be its own (`own`).
     */
    readonly member?: 'path' | 'own';
  };

const forbidden = (detail: string): ThroughlineError => new ThroughlineError('client/forbidden', detail);

/** @param member the member in the path, if any. @throws client/forbidden */
export const assertMayReach = (access: Access, caller: Caller, member: string | undefined): void => {
  if (access === 'public' || caller.type === 'open') return;
  if (caller.type === 'key') {
    if (access === 'anyKey' || caller.scopes.has(access.scope) || caller.scopes.has('admin')) return;
    throw forbidden(`the key does not have the scope ${access.scope}; use one that has it`);
  }
  if (access === 'anyKey' || access.member === undefined) throw forbidden('a member token does not reach this; use an API key');
  if (access.member === 'path' && caller.member !== member) throw forbidden('the token is of another member; ask for a token of the member in the path');
};

/** True where what belongs to `member` may be shown to the caller. */
export const owns = (caller: Caller, member: unknown): boolean => caller.type !== 'member' || member === `member:${caller.member}`;

export interface BrowserHeaders { readonly method: string; readonly host: string | undefined; readonly origin: string | undefined }

/**
 * On a server that asks for no credentials, a page of another site could otherwise reach it through the reader's browser: by a name
 * that resolves to 127.0.0.1 (rebinding), or by a form that posts across origins.
 * @throws client/forbidden
 */
export const assertLocalBrowser = (headers: BrowserHeaders): void => {
  const { method, host, origin } = headers;
  const hostname = (host ?? '').replace(/:\d+$/, '');
  if (!isLoopback(hostname)) throw forbidden('this server answers on loopback only, to Host names such as localhost or 127.0.0.1; configure API keys to serve under another name');
  if (origin === undefined || method === 'GET' || method === 'HEAD') return;
  if (origin !== `http://${host ?? ''}`) throw forbidden('a page of another origin may not write here; send the request from the same origin, or without a browser');
};
