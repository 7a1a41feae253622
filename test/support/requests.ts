/** Requests as tests write them. */
import type { KeyRecord } from '../../src/http/auth.ts';

export interface Server { readonly url: string; close(): Promise<void> }
/** Starts a server on loopback over an empty store; with keys, these and no others reach it. */
export type Start = (options?: { readonly keys?: readonly KeyRecord[] }) => Promise<Server>;

export interface Answer { readonly status: number; readonly headers: Headers; readonly text: string; readonly json: Readonly<Record<string, unknown>> }
export interface Sent { readonly method?: string; readonly body?: unknown; readonly raw?: string | Uint8Array<ArrayBuffer>; readonly type?: string; readonly headers?: Readonly<Record<string, string>> }

export const call = async (server: { readonly url: string }, path: string, sent: Sent = {}): Promise<Answer> => {
  const body = sent.raw ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body));
  const headers = { ...(body === undefined ? {} : { 'content-type': sent.type ?? 'application/json' }), ...sent.headers };
  const response = await fetch(server.url + path, { method: sent.method ?? (body === undefined ? 'GET' : 'POST'), headers, ...(body === undefined ? {} : { body }) });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, text, json: isJson && text !== '' ? JSON.parse(text) as Record<string, unknown> : {} };
};

export const ndjson = (records: readonly unknown[]): string => records.map((record) => typeof record === 'string' ? record : JSON.stringify(record)).join('\n');

let sequence = 0;
export const like = (changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  type: 'action', id: `event-${process.pid}-${sequence++}`, member: 'member:42', item: 'article:7', at: new Date(Date.now() - 60_000).toISOString(), action: 'like', ...changes,
});
export const article = (id: string, attributes: Readonly<Record<string, unknown>> = { title: `Title ${id}` }): Record<string, unknown> => ({ kind: 'article', id, attributes });
