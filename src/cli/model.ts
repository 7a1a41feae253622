/** `throughline model list | show | rollback`. A server of the same folder takes up the change within a second. */
import { Command } from 'commander';
import { ThroughlineError } from '../core/errors.ts';
import { createModelStore } from '../models/store.ts';
import { dataFolder, DEFAULT_DATA, print, printJson, type CommonOptions } from './common.ts';

const withCommon = (command: Command): Command => command
  .option('--data <folder>', 'the store', DEFAULT_DATA)
  .option('--json', 'print one JSON object');

export const modelCommand = (): Command => {
  const command = new Command('model').description('list, show and roll back models');
  withCommon(command.command('list').description('every model, and which one serves')).action(async (options: CommonOptions) => {
    const store = createModelStore(dataFolder(options));
    const [versions, current] = await Promise.all([store.versions(), store.current()]);
    if (options.json === true) { printJson({ versions, current: current ?? null }); return; }
    print(versions.length === 0 ? 'No model yet; run "throughline train".' : versions.map((version) => `${version === current ? '*' : ' '} ${version}`).join('\n'));
  });
  withCommon(command.command('show [version]').description('the card of a model; default: the one that serves')).action(async (version: string | undefined, options: CommonOptions) => {
    const store = createModelStore(dataFolder(options));
    const wanted = version ?? await store.current();
    if (wanted === undefined) throw new ThroughlineError('client/noModel', `no model has been trained in ${dataFolder(options)}; run "throughline train", or name another folder with --data`);
    const { card } = await store.load(wanted);
    print(options.json === true ? JSON.stringify(card) : JSON.stringify(card, undefined, 2));
  });
  withCommon(command.command('rollback').description('serve the model that served before')).action(async (options: CommonOptions) => {
    const version = await createModelStore(dataFolder(options)).rollback();
    if (options.json === true) printJson({ current: version });
    else print(`Serving ${version} again.`);
  });
  return command;
};
