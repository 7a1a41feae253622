/** `throughline key <name> --scopes …`: a new API key; the store keeps its hash alone. */
import { Command } from 'commander';
import { ThroughlineError } from '../core/errors.ts';
import { createKey } from '../http/auth.ts';
import { SCOPES, type Scope } from '../core/scopes.ts';
import { DEFAULT_DATA, print, printJson, type CommonOptions } from './common.ts';

const scopesOf = (text: string): readonly Scope[] => text.split(',').map((name) => {
  const scope = SCOPES.find((known) => known === name.trim());
  if (scope === undefined) throw new ThroughlineError('client/invalidConfig', `there is no scope "${name}"; known: ${SCOPES.join(', ')}`);
  return scope;
});

export const keyCommand = (): Command => new Command('key')
  .description('make an API key; it is shown once, and the configuration keeps its hash')
  .argument('<name>', 'whose key it is')
  .requiredOption('--scopes <list>', `what it reaches, separated by commas: ${SCOPES.join(', ')}`)
  .option('--data <folder>', 'the store', DEFAULT_DATA)
  .option('--json', 'print one JSON object')
  .action((name: string, options: CommonOptions & { readonly scopes: string }) => {
    const { key, hash } = createKey();
    const entry = { name, hash, scopes: scopesOf(options.scopes) };
    if (options.json === true) { printJson({ key, config: entry }); return; }
    print(`Key, shown once:\n  ${key}\nAdd to "keys" in the configuration file:\n  ${JSON.stringify(entry)}`);
  });
