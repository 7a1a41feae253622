/** Questions to another thread, answered in any order. Errors keep their code. */
import { ThroughlineError, type ErrorCode, type Where } from '../core/errors.ts';

export interface Fault { readonly code: ErrorCode; readonly detail: string; readonly where: Where }
export interface Answer { readonly type: 'answer'; readonly id: number; readonly value?: unknown; readonly fault?: Fault }

export const faultOf = (error: unknown): Fault =>
  error instanceof ThroughlineError ? { code: error.code, detail: error.message, where: error.where }
    : { code: 'server/internal', detail: error instanceof Error ? error.message : String(error), where: {} };

export interface Calls<Message> {
  /** @param message made with the call's number. @throws what the other side threw */
  call(message: (id: number) => Message): Promise<unknown>;
  answered(answer: Answer): void;
  /** Nobody will answer any more. */
  fail(error: Error): void;
  errorOf(fault: Fault): ThroughlineError;
}

export const createCalls = <Message>(send: (message: Message) => void): Calls<Message> => {
  const waiting = new Map<number, { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }>();
  let next = 0;
  let ended: Error | undefined;
  const errorOf = ({ code, detail, where }: Fault): ThroughlineError => new ThroughlineError(code, detail, { where });
  return {
    errorOf,
    call: (message) => new Promise((resolve, reject) => {
      if (ended !== undefined) { reject(ended); return; }
      const id = next++;
      waiting.set(id, { resolve, reject });
      send(message(id));
    }),
    answered: ({ id, value, fault }) => {
      const call = waiting.get(id);
      waiting.delete(id);
      if (fault === undefined) call?.resolve(value);
      else call?.reject(errorOf(fault));
    },
    fail: (error) => {
      ended = error;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    },
  };
};
