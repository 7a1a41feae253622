/** Parquet files read back. */
import { DuckDBInstance } from '@duckdb/node-api';

export type Cell = string | number | boolean | null;

/** Rows of a query as objects; counts come as numbers, times as text. */
export const query = async (sql: string): Promise<readonly Readonly<Record<string, Cell>>[]> => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '512MB' });
  const connection = await instance.connect();
  try {
    const rows = (await connection.runAndReadAll(sql)).getRowObjectsJson();
    return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value === 'string' && /^-?\d{1,15}$/u.test(value) ? Number(value) : typeof value === 'object' ? (value === null ? null : JSON.stringify(value)) : value])));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
};
