/**
 * Who calls. API keys belong to systems and have scopes; a member token belongs to a browser, lives 15 minutes and reaches its
 * own member alone. On loopback without keys no credentials are needed, yet presented ones are always enforced.
 */
import { createHash, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { crc32 } from 'node:zlib';
import { SignJWT, jwtVerify } from 'jose';
import { MINUTE, type Clock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import { isId } from '../core/ids.ts';
import type { Scope } from '../core/scopes.ts';


/** What is stored of a key: never the key. `hash` is its SHA-256 in hex. */
export interface KeyRecord { readonly name: string; readonly hash: string; readonly scopes: readonly Scope[] }

export type Caller =
  | { readonly type: 'open' }
  | { readonly type: 'key'; readonly name: string; readonly scopes: ReadonlySet<Scope> }
  | { readonly type: 'member'; readonly member: string };

export const OPEN: Caller = { type: 'open' };
export const TOKEN_LIFE_MS: number = 15 * MINUTE;

const KEY_PREFIX = 'tl_';
const ISSUER = 'throughline';
/** Verified tokens kept, so that a browser's next request costs a map look-up. */
const VERIFIED_TOKENS = 10_000;

const checksum = (body: string): string => crc32(body).toString(16).padStart(8, '0');
export const hashKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/** A new key, shown once, and what to store of it. The checksum lets a mistyped key be told from a revoked one. */
export const createKey = (random: (bytes: number) => Buffer = randomBytes): { readonly key: string; readonly hash: string } => {
  const body = KEY_PREFIX + random(32).toString('base64url');
  const key = body + checksum(body);
  return { key, hash: hashKey(key) };
};

const isWellFormedKey = (key: string): boolean => key.length === KEY_PREFIX.length + 43 + 8 && key.endsWith(checksum(key.slice(0, -8)));

/** Hostnames and addresses that only this machine can reach. */
export const isLoopback = (host: string): boolean => {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1') return true;
  return isIP(bare) === 4 && bare.startsWith('127.');
};

/** @throws server/keysRequired */
export const assertMayListen = (host: string, keys: readonly KeyRecord[]): void => {
  if (keys.length > 0 || isLoopback(host)) return;
  throw new ThroughlineError('server/keysRequired', `listening on ${host} lets other machines in, which needs API keys; configure at least one key, or listen on 127.0.0.1`);
};

export interface Identity {
  /** True on loopback without keys: no credentials needed. */
  readonly open: boolean;
  /** @param authorization the header, if any. @throws client/unauthorized */
  identify(authorization: string | undefined): Caller | Promise<Caller>;
  mintToken(member: string): Promise<{ readonly token: string; readonly expiresAt: string }>;
}

const unauthorized = (detail: string): ThroughlineError => new ThroughlineError('client/unauthorized', detail);

const bearer = (authorization: string): string => {
  const [, credential] = /^Bearer +([^\s]+)$/i.exec(authorization) ?? [];
  if (credential === undefined) throw unauthorized('the Authorization header is not understood; send "Bearer", a space, and an API key or member token');
  return credential;
};

const keyFinder = (keys: readonly KeyRecord[]): ((key: string) => Caller) => {
  const callers = new Map<string, Caller>(keys.map((key) => [key.hash.toLowerCase(), { type: 'key', name: key.name, scopes: new Set(key.scopes) }]));
  return (key) => {
    if (!isWellFormedKey(key)) throw unauthorized('the API key is mistyped or cut short; copy it again');
    const caller = callers.get(hashKey(key));
    if (caller === undefined) throw unauthorized('the API key is not one of this server; use a current one');
    return caller;
  };
};

/** @param secret shared by all processes of one data folder, at least 32 bytes */
const tokenVerifier = (secret: Uint8Array, clock: Clock): ((token: string) => Caller | Promise<Caller>) => {
  const verified = new Map<string, { readonly caller: Caller; readonly until: number }>();
  const verify = async (token: string): Promise<Caller> => {
    const { payload } = await jwtVerify(token, secret, { algorithms: ['HS256'], issuer: ISSUER, requiredClaims: ['sub', 'exp'], currentDate: new Date(clock.now()) })
      .catch((cause: unknown) => { throw new ThroughlineError('client/unauthorized', 'the member token is not valid or has expired; ask for a new one', { cause }); });
    if (payload.sub === undefined || !isId(payload.sub)) throw unauthorized('the member token names no member; ask for a new one');
    const caller: Caller = { type: 'member', member: payload.sub };
    const oldest = verified.size >= VERIFIED_TOKENS ? verified.keys().next().value : undefined;
    if (oldest !== undefined) verified.delete(oldest);
    verified.set(token, { caller, until: (payload.exp ?? 0) * 1000 });
    return caller;
  };
  return (token) => {
    const known = verified.get(token);
    if (known !== undefined && clock.now() < known.until) return known.caller;
    verified.delete(token);
    return verify(token);
  };
};

export interface IdentityParts { readonly host: string; readonly keys: readonly KeyRecord[]; readonly tokenSecret: Uint8Array; readonly clock: Clock }

export const createIdentity = (parts: IdentityParts): Identity => {
  const { keys, tokenSecret, clock } = parts;
  const open = keys.length === 0 && isLoopback(parts.host);
  const findKey = keyFinder(keys);
  const verifyToken = tokenVerifier(tokenSecret, clock);
  return {
    open,
    identify: (authorization) => {
      if (authorization !== undefined) {
        const credential = bearer(authorization);
        return credential.startsWith(KEY_PREFIX) ? findKey(credential) : verifyToken(credential);
      }
      if (open) return OPEN;
      throw unauthorized('this server needs credentials; send Authorization: Bearer with an API key or a member token');
    },
    mintToken: async (member) => {
      const expires = Math.floor((clock.now() + TOKEN_LIFE_MS) / 1000);
      const token = await new SignJWT().setProtectedHeader({ alg: 'HS256' }).setIssuer(ISSUER).setSubject(member)
        .setIssuedAt(Math.floor(clock.now() / 1000)).setExpirationTime(expires).sign(tokenSecret);
      return { token, expiresAt: new Date(expires * 1000).toISOString() };
    },
  };
};
