/** What the other workers have counted, asked for when one of them is scraped. */
import { BroadcastChannel } from 'node:worker_threads';
import type { MetricsSnapshot } from '../http/metrics.ts';

type Message = { readonly type: 'ask'; readonly from: number } | { readonly type: 'tell'; readonly to: number; readonly snapshot: MetricsSnapshot };

/** A worker that is busy for longer is left out of this scrape. */
const WAIT_MS = 250;

export interface Peers { ask(): Promise<readonly MetricsSnapshot[]>; close(): void }

export const createPeers = (own: { readonly worker: number; readonly workers: number; readonly snapshot: () => MetricsSnapshot }): Peers => {
  const channel = new BroadcastChannel(`throughline-metrics-${process.pid}`);
  channel.unref();
  let told: ((snapshot: MetricsSnapshot) => void) | undefined;
  channel.onmessage = ({ data }: { readonly data: unknown }) => {
    const message = data as Message;
    if (message.type === 'ask') channel.postMessage({ type: 'tell', to: message.from, snapshot: own.snapshot() } satisfies Message);
    else if (message.to === own.worker) told?.(message.snapshot);
  };
  return {
    ask: () => new Promise((resolve) => {
      const snapshots: MetricsSnapshot[] = [];
      if (own.workers === 1) { resolve(snapshots); return; }
      const timer = setTimeout(() => { resolve(snapshots); }, WAIT_MS);
      told = (snapshot) => {
        snapshots.push(snapshot);
        if (snapshots.length < own.workers - 1) return;
        clearTimeout(timer);
        resolve(snapshots);
      };
      channel.postMessage({ type: 'ask', from: own.worker } satisfies Message);
    }),
    close: () => { channel.close(); },
  };
};
