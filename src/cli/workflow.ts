/** `throughline workflow feed`, `throughline workflow discovery`: the list that a request goes through. */
import { Command } from 'commander';
import { discoveryOptions, feedOptions, loadConfig, type Config } from '../config.ts';
import { ThroughlineError } from '../core/errors.ts';
import { createCohortCursors } from '../discovery/cursor.ts';
import { discoveryWorkflow } from '../discovery/pipeline.ts';
import { NO_RELEVANCE } from '../discovery/second-pass.ts';
import { createCursorCodec } from '../feed/cursor.ts';
import { feedWorkflow } from '../feed/pipeline.ts';
import { createSecondPass, UNTRAINED } from '../feed/second-pass.ts';
import { gatherSources, type Sources } from '../platform/plugins.ts';
import { describeWorkflow, type Operator } from '../workflow/workflow.ts';
import { DEFAULT_DATA, print, printJson, type CommonOptions } from './common.ts';

const tree = <Work>(operator: Operator<Work>): unknown => ({
  name: operator.name, about: operator.about,
  ...(operator.after === undefined ? {} : { after: operator.after }),
  ...(operator.timeoutMs === undefined ? {} : { timeoutMs: operator.timeoutMs }),
  ...(operator.fallback === undefined ? {} : { fallback: operator.fallback.about }),
  ...(operator.children === undefined ? {} : { children: operator.children.map((child) => tree(child)) }),
});

const show = <Work>(workflow: Operator<Work>, json: boolean): void => { if (json) printJson(tree(workflow)); else print(describeWorkflow(workflow).join('\n')); };
const nothing = (): void => undefined;
const SECRET = new Uint8Array(32);

/** By the configuration: its plug-ins and services are in the list. */
const WORKFLOWS: Readonly<Record<string, (config: Config, sources: Sources, json: boolean) => void>> = {
  feed: (config, { rankers }, json) => {
    const { exploration, newcomers, cursorLifetimeMs, values } = feedOptions(config);
    show(feedWorkflow({ rankers, values, secondPass: () => createSecondPass(UNTRAINED), emit: nothing, exploration, newcomers, cursors: createCursorCodec({ secret: SECRET, lifetimeMs: cursorLifetimeMs, digest: () => 0 }) }), json);
  },
  discovery: (config, { cohorts }, json) => {
    const { cursorLifetimeMs } = discoveryOptions(config);
    show(discoveryWorkflow({ cohorts, relevance: NO_RELEVANCE, emit: nothing, cursors: createCohortCursors({ secret: SECRET, lifetimeMs: cursorLifetimeMs, digest: () => 0 }) }), json);
  },
};

export const workflowCommand = (): Command => new Command('workflow')
  .description('print the operators of a request, in order, with deadlines and fallbacks')
  .argument('<name>', 'feed or discovery')
  .option('--config <file>', 'a JSON file with settings: its plug-ins are in the list')
  .option('--data <folder>', 'the store', DEFAULT_DATA)
  .option('--json', 'print the tree as JSON')
  .action(async (name: string, options: CommonOptions & { readonly config?: string }) => {
    const printed = Object.hasOwn(WORKFLOWS, name) ? WORKFLOWS[name] : undefined;
    if (printed === undefined) throw new ThroughlineError('client/notFound', `there is no workflow "${name}"; known: ${Object.keys(WORKFLOWS).join(', ')}`);
    const config = await loadConfig(options.config, {});
    printed(config, await gatherSources(config), options.json === true);
  });
