/**
 * Where a member stands among all members: GrowthBook's published hash (FNV-1a, 32 bits, over UTF-8), so that its clients in any language come to the same
 * answer. One member, one seed, one number, for ever: nothing about an assignment is stored.
 */
import { hashBytes } from '../memory/tables.ts';

export type HashVersion = 1 | 2;

/** Buckets of a layer: experiments of one layer own ranges of them. */
export const LAYER_BUCKETS = 10_000;

const encoder = new TextEncoder();
/** Seeds and ids are far shorter. */
const scratch = new Uint8Array(4096);

const fnv = (text: string): number => hashBytes(scratch, 0, encoder.encodeInto(text, scratch).written);

/** Version 2 hashes the hash: close seeds then give independent numbers, which version 1 does not promise. */
const tenThousandth = (seed: string, member: string): number => fnv(String(fnv(seed + member))) % LAYER_BUCKETS;

/** @returns a number in [0, 1), in steps of 1/1000 (version 1) or 1/10,000 (version 2) */
export const hash = (seed: string, member: string, version: HashVersion): number =>
  (version === 1 ? (fnv(member + seed) % 1000) / 1000 : tenThousandth(seed, member) / LAYER_BUCKETS);

/** The member's bucket of a layer, a whole number below `LAYER_BUCKETS`. Salted, so that a layer and an experiment of the same name divide members independently. */
export const layerBucket = (layer: string, member: string): number => tenThousandth(`layer:${layer}`, member);

/** The member's place in a GrowthBook namespace, in [0, 1). */
export const namespacePlace = (namespace: string, member: string): number => hash(`__${namespace}`, member, 1);
