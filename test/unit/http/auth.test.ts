import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { manualClock, MINUTE } from '../../../src/core/clock.ts';
import { assertMayListen, createIdentity, createKey, hashKey, isLoopback, type Identity, type KeyRecord } from '../../../src/http/auth.ts';

const secret = new Uint8Array(32).fill(1);
const start = Date.parse('2026-11-21T09:00:00Z');
const identityAt = (keys: readonly KeyRecord[] = []): { readonly identity: Identity; readonly clock: ReturnType<typeof manualClock> } => {
  const clock = manualClock(start);
  return { clock, identity: createIdentity({ host: '127.0.0.1', keys, tokenSecret: secret, clock }) };
};

describe('where a server may listen', () => {
  test.each(['127.0.0.1', '127.8.9.10', '::1', '[::1]', 'localhost', 'LOCALHOST', 'demo.localhost'])('%s is loopback', (host) => { expect(isLoopback(host)).toBe(true); });
  test.each(['0.0.0.0', '::', '10.0.0.1', 'example.com', '127.0.0.1.example.com', 'localhost.example.com', '127.example.com', ''])('"%s" is not', (host) => { expect(isLoopback(host)).toBe(false); });

  test('beyond loopback it needs keys', () => {
    expect(() => assertMayListen('0.0.0.0', [])).toThrow(expect.objectContaining({ code: 'server/keysRequired' }));
    assertMayListen('0.0.0.0', [{ name: 'a', hash: hashKey('x'), scopes: ['admin'] }]);
    assertMayListen('127.0.0.1', []);
  });
});

describe('API keys', () => {
  test('each is new, and only its hash is kept', () => {
    const [one, two] = [createKey(), createKey()];
    expect(one.key).toMatch(/^tl_[\w-]{43}[0-9a-f]{8}$/);
    expect(one.key).not.toBe(two.key);
    expect(one.hash).toBe(hashKey(one.key));
  });

  test('a key is its record, a mistyped one is told from a foreign one', async () => {
    const { key, hash } = createKey();
    const { identity } = identityAt([{ name: 'importer', hash, scopes: ['entities:write'] }]);
    expect(await identity.identify(`Bearer ${key}`)).toMatchObject({ type: 'key', name: 'importer' });
    expect(() => identity.identify(`Bearer ${key.replace(/.$/, (last) => last === '0' ? '1' : '0')}`)).toThrow('mistyped');
    expect(() => identity.identify(`Bearer ${createKey().key}`)).toThrow('not one of this server');
    expect(() => identity.identify(undefined)).toThrow('needs credentials');
    expect(() => identity.identify('Basic YTpi')).toThrow('Authorization header');
  });
});

describe('member tokens', () => {
  test('live for 15 minutes, also where they were seen before', async () => {
    const { identity, clock } = identityAt();
    const { token, expiresAt } = await identity.mintToken('42');
    expect(expiresAt).toBe('2026-11-21T09:15:00.000Z');
    clock.advance(15 * MINUTE - 1000);
    expect(await identity.identify(`Bearer ${token}`)).toEqual({ type: 'member', member: '42' });
    clock.advance(2000);
    await expect(identity.identify(`Bearer ${token}`)).rejects.toMatchObject({ code: 'client/unauthorized' });
  });

  const claims = (): SignJWT => new SignJWT().setIssuer('throughline').setSubject('42').setExpirationTime(Math.floor(start / 1000) + 60);
  test.each<[string, () => Promise<string>]>([
    ['signed with another secret', () => claims().setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32).fill(2))],
    ['of another algorithm', () => claims().setProtectedHeader({ alg: 'HS512' }).sign(new Uint8Array(64).fill(1))],
    ['without an end', () => new SignJWT().setIssuer('throughline').setSubject('42').setProtectedHeader({ alg: 'HS256' }).sign(secret)],
    ['of another issuer', () => claims().setIssuer('other').setProtectedHeader({ alg: 'HS256' }).sign(secret)],
    ['without a member', () => new SignJWT().setIssuer('throughline').setExpirationTime(Math.floor(start / 1000) + 60).setProtectedHeader({ alg: 'HS256' }).sign(secret)],
    ['of a member that is no id', () => claims().setSubject('4 2').setProtectedHeader({ alg: 'HS256' }).sign(secret)],
  ])('one %s is refused', async (_name, make) => {
    const token = await make();
    await expect(identityAt().identity.identify(`Bearer ${token}`)).rejects.toMatchObject({ code: 'client/unauthorized' });
  });
});
