/** Writes Parquet files, one task a line on standard input, one answer a line on standard output. A process of its own: DuckDB takes what memory and cores it is given. */
import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { COLUMNS } from './rows.ts';

/** Rows as newline-delimited JSON, and the Parquet file to be made of them. */
export interface ParquetTask { readonly from: string; readonly to: string }

const LIMITS = { threads: '1', memory_limit: '512MB', autoinstall_known_extensions: 'false' } as const;
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const ENTRIES = Object.entries(COLUMNS);
const READ_AS = ENTRIES.map(([name, type]) => `${name}: '${type === 'TIMESTAMP' ? 'BIGINT' : type}'`).join(', ');
const WRITTEN = ENTRIES.map(([name, type]) => (type === 'TIMESTAMP' ? `epoch_ms(${name}) AS ${name}` : name)).join(', ');

/** In order of time, so that the same rows make the same bytes. */
const write = async (connection: DuckDBConnection, { from, to }: ParquetTask): Promise<void> => {
  await connection.run(`COPY (SELECT ${WRITTEN} FROM read_json(${quoted(from)}, format = 'newline_delimited', columns = {${READ_AS}}) ORDER BY happened_at, event_id) TO ${quoted(to)} (FORMAT parquet, COMPRESSION zstd)`);
};

export interface ParquetWriter { write(task: ParquetTask): Promise<void>; close(): void }

/** @param sorting a folder for what does not fit its memory */
export const openParquetWriter = async (sorting: string): Promise<ParquetWriter> => {
  const instance = await DuckDBInstance.create(':memory:', { ...LIMITS, temp_directory: sorting });
  const connection = await instance.connect();
  return { write: (task) => write(connection, task), close: () => { connection.closeSync(); instance.closeSync(); } };
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  setPriority(10);
  const writer = await openParquetWriter(process.argv[2] ?? '');
  for await (const line of createInterface({ input: process.stdin })) {
    const outcome = await writer.write(JSON.parse(line) as ParquetTask).then(() => 'ok', (error: unknown) => (error instanceof Error ? error.message : String(error)));
    process.stdout.write(`${outcome.replaceAll('\n', ' ')}\n`);
  }
  writer.close();
}
