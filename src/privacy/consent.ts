/** A member's switches, one per signal family, as a log record. What differs from the default is recorded: a new family begins with its own. */
import type { MemberId, Millis } from '../core/ids.ts';
import { switchedBits, type SignalFamilies } from '../core/registry.ts';
import type { LogRecord } from '../log/port.ts';

const LAYOUT = 1;

export const consentRecord = (member: string, allowed: SignalFamilies, options: { readonly now: Millis; readonly recordId: string }): LogRecord =>
  ({ type: 'consent', id: options.recordId, at: options.now, member: member as MemberId, deduplicate: 'never', payload: Uint8Array.of(LAYOUT, switchedBits(allowed)) });
