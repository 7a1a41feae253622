/** `throughline workflow feed`: the list that a request goes through. */
import { Command } from 'commander';
import { feedOptions, loadConfig } from '../config.ts';
import { ThroughlineError } from '../core/errors.ts';
import { createCursorCodec } from '../feed/cursor.ts';
import { feedWorkflow } from '../feed/pipeline.ts';
import { createSecondPass, UNTRAINED } from '../feed/second-pass.ts';
import { DEFAULT_VALUES } from '../feed/values.ts';
import { POOL } from '../rankers/pool/index.ts';
import { describeWorkflow, type Operator } from '../workflow/workflow.ts';
import type { FeedWork } from '../feed/candidates.ts';
import { DEFAULT_DATA, print, printJson, type CommonOptions } from './common.ts';

const tree = (operator: Operator<FeedWork>): unknown => ({
  name: operator.name, about: operator.about,
  ...(operator.timeoutMs === undefined ? {} : { timeoutMs: operator.timeoutMs }),
  ...(operator.fallback === undefined ? {} : { fallback: operator.fallback.about }),
  ...(operator.children === undefined ? {} : { children: operator.children.map(tree) }),
});

export const workflowCommand = (): Command => new Command('workflow')
  .description('print the operators of a request, in order, with deadlines and fallbacks')
  .argument('<name>', 'feed')
  .option('--data <folder>', 'the store', DEFAULT_DATA)
  .option('--json', 'print the tree as JSON')
  .action(async (name: string, options: CommonOptions) => {
    if (name !== 'feed') throw new ThroughlineError('client/notFound', `there is no workflow "${name}"; known: feed`);
    const { exploration, newcomers, cursorLifetimeMs } = feedOptions(await loadConfig(undefined, {}));
    const workflow = feedWorkflow({ rankers: POOL, values: DEFAULT_VALUES, secondPass: () => createSecondPass(UNTRAINED), emit: () => undefined, exploration, newcomers, cursors: createCursorCodec({ secret: new Uint8Array(32), lifetimeMs: cursorLifetimeMs, digest: () => 0 }) });
    if (options.json === true) printJson(tree(workflow));
    else print(describeWorkflow(workflow).join('\n'));
  });
