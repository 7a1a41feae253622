/** Bytes that go out and come back unchanged: signed, bound to whoever they were given to. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { ThroughlineError } from './errors.ts';

const SIGNATURE_BYTES = 12;

export interface Sealer {
  /** Room for a signature is made behind the bytes. */
  seal(bytes: Uint8Array, owner: string): string;
  /** What was sealed; nothing is known of it but that it came from here. @throws client/invalidCursor */
  unseal(text: string): { readonly bytes: Buffer; /** @throws client/invalidCursor where it was sealed for somebody else, or was changed */ check(owner: string): void };
}

const invalid = (): ThroughlineError => new ThroughlineError('client/invalidCursor', 'the cursor is not one that this server gave out; ask for the first page without a cursor');

export const createSealer = (secret: Uint8Array): Sealer => {
  const sign = (bytes: Uint8Array, owner: string): Buffer => createHmac('sha256', secret).update(bytes).update(owner).digest().subarray(0, SIGNATURE_BYTES);
  return {
    seal: (bytes, owner) => Buffer.concat([bytes, sign(bytes, owner)]).toString('base64url'),
    unseal: (text) => {
      const all = Buffer.from(text, 'base64url');
      const end = all.length - SIGNATURE_BYTES;
      // The decoder overlooks strange characters and spare bits; a cursor is taken as it was given out or not at all.
      if (end < 1 || all.toString('base64url') !== text) throw invalid();
      const bytes = all.subarray(0, end);
      return { bytes, check: (owner) => { if (!timingSafeEqual(sign(bytes, owner), all.subarray(end))) throw invalid(); } };
    },
  };
};
