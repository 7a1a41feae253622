/** The reference pages that code decides: written by `vitest -u`, compared by every other run. */
import type { Command } from 'commander';
import { z } from 'zod';
import { VERBS } from '../../../src/cli/main.ts';
import { configSchema } from '../../../src/config.ts';
import { FEATURE_MEANINGS } from '../../../src/models/feature-meanings.ts';
import { FEATURE_SET_HASH, GROUPS } from '../../../src/models/features.ts';

interface Schema { readonly type?: string; readonly enum?: readonly unknown[]; readonly description?: string; readonly default?: unknown; readonly minimum?: number; readonly exclusiveMinimum?: number; readonly maximum?: number; readonly properties?: Readonly<Record<string, Schema>>; readonly items?: Schema }

const page = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;
const cell = (text: string): string => text.replace(/\|/gu, '\\|');

const valuesOf = (schema: Schema): string => {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  const low = schema.minimum ?? (schema.exclusiveMinimum === undefined ? undefined : `above ${schema.exclusiveMinimum}`);
  return low === undefined ? (schema.type ?? '') : `${schema.type ?? ''}, ${low} to ${schema.maximum ?? ''}`;
};

const settings = (schema: Schema, prefix = ''): readonly string[] => Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
  child.properties === undefined
    ? [`| \`${prefix}${name}\` | ${cell(valuesOf(child))} | \`${JSON.stringify(child.default)}\` | ${cell(child.description ?? '')} |`]
    : settings(child, `${prefix}${name}.`));

export const configurationPage = (): string => {
  const schema = z.toJSONSchema(configSchema, { io: 'input' }) as Schema;
  const key = Object.keys(schema.properties?.['keys']?.items?.properties ?? {});
  return page(
    '# Configuration', '',
    '`throughline serve --config <file>` reads one JSON file. A key that is not listed here is an error, and every problem is reported together.',
    'What the command line says goes before what the file says.', '',
    '| Key | Value | Default | Meaning |', '|---|---|---|---|', ...settings(schema), '',
    `Each entry of \`keys\` has ${key.map((name) => `\`${name}\``).join(', ')}; \`throughline key\` prints one.`,
  );
};

const helpOf = (command: Command, name: string): readonly string[] => [
  `## ${name}`, '', '```text', command.configureHelp({ helpWidth: 110 }).helpInformation().replace(`Usage: ${name}`, `Usage: throughline ${name}`).trimEnd(), '```', '',
  ...command.commands.flatMap((child) => helpOf(child, `${name} ${child.name()}`)),
];

export const cliPage = async (): Promise<string> => {
  const sections: string[] = [];
  for (const { name, load } of VERBS) sections.push(...helpOf(await load(), name));
  return page(
    '# Command line', '',
    'Every command takes `--data <folder>`, the store it works on, or `--url <address>`, the server it asks, and `--json` for one JSON object instead of words.',
    'Failures go to standard error.', '',
    '| Exit code | Meaning |', '|---|---|',
    '| 0 | done |', '| 1 | something could not be installed or built, or `torture` or `cohort check` found a fault |', '| 64 | the command was not understood |', '| 65 | a file to import is not what it claims to be |', '| 66 | what was asked for is not there |',
    '| 70 | something failed inside |', '| 74 | the disk refused a write |', '| 75 | the folder or the port is in use |', '| 76 | the store is damaged or written by a newer version |',
    '| 78 | the configuration has a fault |', '| 130 | stopped while the first history of the demo was being made |', '',
    ...sections,
  ).replace(/\n+$/u, '\n');
};

export const featuresPage = (): string => page(
  '# Features of the second pass', '',
  'Each is defined once, in `src/models/features.ts`; serving computes it, freezes it into the served record, and training reads it there.',
  'The family says which switch of the member turns it off: it is then 0. Features of the family `item` are the same for everybody or follow from',
  'first-pass scores, whose rankers have switches of their own.', '',
  `Feature set \`${FEATURE_SET_HASH}\`. A model of another set is not served.`, '',
  '| Feature | Family | Meaning |', '|---|---|---|',
  ...GROUPS.flatMap(({ family, names }) => names.map((name) => `| \`${name}\` | ${family} | ${cell(FEATURE_MEANINGS[name] ?? '')} |`)),
);
