/** Reading files that this software wrote: missing, cut short, of another shape or of a newer version, each is one error that names the file. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { isMissing } from './durable.ts';
import { ThroughlineError } from './errors.ts';

export interface StoredAdvice {
  /** The highest `format` that is read. */
  readonly format: number;
  /** What to do about a file that is damaged. */
  readonly corrupt: string;
  /** What to do about one of a newer format. */
  readonly newer: string;
}

export interface StoredReader {
  corrupt(file: string, what: string, cause?: unknown): ThroughlineError;
  /** @throws server/storeCorrupt, server/storeNewer */
  parse<T>(schema: z.ZodType<T>, text: string, file: string): T;
  /** @throws server/storeCorrupt where it is missing */
  readWhole(file: string): Promise<Buffer>;
}

const formatSchema = z.object({ format: z.int() });

export const createStoredReader = (advice: StoredAdvice): StoredReader => {
  const corrupt = (file: string, what: string, cause?: unknown): ThroughlineError => new ThroughlineError('server/storeCorrupt', `${file} ${what}; ${advice.corrupt}`, { where: { file }, cause });
  return {
    corrupt,
    parse: (schema, text, file) => {
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch (error) {
        throw corrupt(file, 'is cut short or is not JSON', error);
      }
      const stated = formatSchema.safeParse(value);
      if (stated.success && stated.data.format > advice.format) {
        throw new ThroughlineError('server/storeNewer', `${file} was written by a newer version: it has format ${stated.data.format}, this version reads up to ${advice.format}; ${advice.newer}`, { where: { file } });
      }
      const parsed = schema.safeParse(value);
      if (!parsed.success) throw corrupt(file, `is not valid (${parsed.error.issues[0]?.path.join('.') ?? ''}: ${parsed.error.issues[0]?.message ?? 'unreadable'})`);
      return parsed.data;
    },
    readWhole: async (file) => {
      try {
        return await readFile(file);
      } catch (error) {
        if (isMissing(error)) throw corrupt(file, 'is missing', error);
        throw error;
      }
    },
  };
};
