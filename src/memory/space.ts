/**
 * Named SharedArrayBuffers with one writer (the main thread) and any number of readers (request workers).
 *
 * A buffer that must grow is copied into a larger one and announced; readers take up announcements at the start of a request
 * (`refresh`), synchronously, so a reader that has seen an acknowledgement also sees the memory behind it. Whoever still holds
 * the old buffer holds a consistent picture of the moment before.
 */
import { MessageChannel, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';

/** Buffers that belong together are announced together. */
export interface Announcement { readonly buffers: ReadonlyMap<string, SharedArrayBuffer>; readonly generation: number }

/** What a reader needs to attach: passed to a worker as `workerData` (transfer `port`). */
export interface SpaceHandle {
  readonly buffers: ReadonlyMap<string, SharedArrayBuffer>;
  /** The writer's counter of announcements, and its value when this handle was made. */
  readonly generation: SharedArrayBuffer; readonly since: number;
  readonly port: MessagePort;
}

export interface Space {
  /** The buffer of this name, made with `bytes` zero bytes if new. `bind` is called now and whenever it is replaced. */
  bind(name: string, bytes: number, bind: (buffer: SharedArrayBuffer) => void): void;
  /** Replaces a buffer by a larger copy of it. Writer only. */
  grow(name: string, bytes: number): void;
  /** Replaces buffers by others, contents and all, in one step. Writer only. */
  replace(buffers: ReadonlyMap<string, SharedArrayBuffer>): void;
  /** Takes up what the writer announced. Cheap when there is nothing. */
  refresh(): void;
  /** Whether everything announced so far is taken up. */
  isCurrent(): boolean;
  /** A handle for one more reader. Writer only. */
  share(): SpaceHandle;
  /** Bytes of every buffer, by name. */
  sizes(): ReadonlyMap<string, number>;
}

export const createSpace = (): Space => {
  const buffers = new Map<string, SharedArrayBuffer>();
  const binders = new Map<string, ((buffer: SharedArrayBuffer) => void)[]>();
  const ports: MessagePort[] = [];
  const generation = new Int32Array(new SharedArrayBuffer(4));
  const announce = (fresh: ReadonlyMap<string, SharedArrayBuffer>): void => {
    for (const [name, buffer] of fresh) {
      buffers.set(name, buffer);
      for (const bind of binders.get(name) ?? []) bind(buffer);
    }
    const announcement: Announcement = { buffers: fresh, generation: (generation[0] ?? 0) + 1 };
    for (const port of ports) port.postMessage(announcement);
    Atomics.add(generation, 0, 1);
  };
  return {
    bind: (name, bytes, bind) => {
      const buffer = buffers.get(name) ?? new SharedArrayBuffer(bytes);
      binders.set(name, [...(binders.get(name) ?? []), bind]);
      if (buffers.has(name)) bind(buffer);
      else announce(new Map([[name, buffer]]));
    },
    grow: (name, bytes) => {
      const larger = new SharedArrayBuffer(bytes);
      const current = buffers.get(name);
      if (current !== undefined) new Uint8Array(larger).set(new Uint8Array(current));
      announce(new Map([[name, larger]]));
    },
    replace: announce,
    refresh: () => undefined,
    isCurrent: () => true,
    share: () => {
      const channel = new MessageChannel();
      ports.push(channel.port1);
      channel.port1.unref();
      return { buffers: new Map(buffers), generation: generation.buffer as SharedArrayBuffer, since: generation[0] ?? 0, port: channel.port2 };
    },
    sizes: () => new Map([...buffers].map(([name, buffer]) => [name, buffer.byteLength])),
  };
};

export const attachSpace = (handle: SpaceHandle): Space => {
  const buffers = new Map(handle.buffers);
  const binders = new Map<string, ((buffer: SharedArrayBuffer) => void)[]>();
  const generation = new Int32Array(handle.generation);
  let seen = handle.since;
  const readOnly = (): never => { throw new Error('a reader of shared memory may not change its layout'); };
  const refresh = (): void => {
    const wanted = Atomics.load(generation, 0);
    while (seen < wanted) {
      const received = receiveMessageOnPort(handle.port) as { message: Announcement } | undefined;
      if (received === undefined) break;
      seen = received.message.generation;
      for (const [name, buffer] of received.message.buffers) {
        buffers.set(name, buffer);
        for (const bind of binders.get(name) ?? []) bind(buffer);
      }
    }
  };
  return {
    bind: (name, _bytes, bind) => {
      const buffer = buffers.get(name);
      if (buffer === undefined) throw new Error(`shared memory "${name}" is not laid out by the writer`);
      binders.set(name, [...(binders.get(name) ?? []), bind]);
      bind(buffer);
    },
    grow: readOnly, replace: readOnly, refresh, share: readOnly,
    isCurrent: () => seen === Atomics.load(generation, 0),
    sizes: () => new Map([...buffers].map(([name, buffer]) => [name, buffer.byteLength])),
  };
};
