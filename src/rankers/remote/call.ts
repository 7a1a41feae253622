/** One bounded call to a service: within a signal's time, to an address that may be reached, reading no more than so many bytes. */
import { lookup as resolveName, type LookupAddress } from 'node:dns';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { ThroughlineError } from '../../core/errors.ts';
import { isInside } from './addresses.ts';

export interface Call {
  /** Who is called, for sentences. */
  readonly name: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly mostBytes: number;
  readonly privateAddresses: boolean;
  readonly signal: AbortSignal;
}

const failed = (name: string, what: string, cause?: unknown): ThroughlineError => new ThroughlineError('plugin/failed', `the service of "${name}" ${what}`, cause === undefined ? {} : { cause });
const forbidden = (name: string, address: string): ThroughlineError => failed(name, `is at ${address}, inside the operator's network; allow that with "privateAddresses", or name another address`);

/** Checked where the connection is made, so that a name cannot lead elsewhere between a check and the call. */
const guarded = (name: string): LookupFunction => (host, options, done) => {
  resolveName(host, { ...options, all: true }, (error, found: readonly LookupAddress[]) => {
    const [first] = found ?? [];
    if (error !== null || first === undefined) { done(error ?? failed(name, `has no address: ${host}`), '', 4); return; }
    const wrong = found.find(({ address }) => isInside(address));
    if (wrong !== undefined) { done(forbidden(name, wrong.address), '', 4); return; }
    if (options.all === true) done(null, [...found]); else done(null, first.address, first.family);
  });
};

const readAll = async (response: IncomingMessage, { name, mostBytes }: Call): Promise<string> => {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > mostBytes) {
      response.destroy();
      throw new ThroughlineError('plugin/invalidAnswer', `the service of "${name}" answered more than ${mostBytes} bytes`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
};

/** @returns what was answered with 200. @throws plugin/failed, plugin/invalidAnswer; what the signal was aborted with */
export const callService = (call: Call): Promise<string> => new Promise((resolve, reject) => {
  const { name, url, headers, body, privateAddresses, signal } = call;
  const host = url.hostname.replace(/^\[|\]$/gu, '');
  if (!privateAddresses && isIP(host) !== 0 && isInside(host)) { reject(forbidden(name, host)); return; }
  const make = url.protocol === 'https:' ? requestHttps : requestHttp;
  const asked = make(url, {
    method: 'POST', signal, headers: { 'content-type': 'application/json', accept: 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
    ...(privateAddresses ? {} : { lookup: guarded(name) }),
  });
  asked.once('error', (cause) => { reject(signal.aborted ? signal.reason as Error : cause instanceof ThroughlineError ? cause : failed(name, `cannot be reached: ${cause.message}`, cause)); });
  asked.once('response', (response) => {
    // Not followed: a redirection would lead to an address that nobody allowed.
    if (response.statusCode !== 200) { response.resume(); reject(failed(name, `answered ${response.statusCode ?? 0} instead of 200`)); return; }
    readAll(response, call).then(resolve, (cause: unknown) => { reject(signal.aborted ? signal.reason as Error : cause instanceof ThroughlineError ? cause : failed(name, 'broke off its answer', cause)); });
  });
  asked.end(body);
});
