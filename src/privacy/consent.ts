/** A member's switches, one per signal family, as a log record. What is withheld is recorded: a new family is allowed until said otherwise. */
import type { MemberId, Millis } from '../core/ids.ts';
import { SIGNAL_FAMILIES, type SignalFamilies } from '../core/registry.ts';
import type { LogRecord } from '../log/port.ts';

const LAYOUT = 1;

export const withheldBits = (allowed: SignalFamilies): number => SIGNAL_FAMILIES.reduce((bits, family, i) => bits | (allowed[family] ? 0 : 1 << i), 0);

export const consentRecord = (member: string, allowed: SignalFamilies, options: { readonly now: Millis; readonly recordId: string }): LogRecord =>
  ({ type: 'consent', id: options.recordId, at: options.now, member: member as MemberId, deduplicate: 'never', payload: Uint8Array.of(LAYOUT, withheldBits(allowed)) });
