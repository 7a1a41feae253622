/** The verbs are the table of contents of this folder; each is loaded when it is called. */
import { Command, CommanderError } from 'commander';
import { ThroughlineError } from '../core/errors.ts';
import { fail } from './common.ts';

export const VERBS: readonly { readonly name: string; readonly about: string; readonly load: () => Promise<Command> }[] = [
  { name: 'demo', about: 'run a small living network here', load: async () => (await import('./demo.ts')).demoCommand() },
  { name: 'serve', about: 'serve a store over HTTP', load: async () => (await import('./serve.ts')).serveCommand() },
  { name: 'import', about: 'read a data set into a store', load: async () => (await import('./import.ts')).importCommand() },
  { name: 'train', about: 'fit the models to what is in a store', load: async () => (await import('./train.ts')).trainCommand() },
  { name: 'evaluate', about: 'rank the past by the second pass and by four baselines', load: async () => (await import('./evaluate.ts')).evaluateCommand() },
  { name: 'model', about: 'list, show and roll back models', load: async () => (await import('./model.ts')).modelCommand() },
  { name: 'recipe', about: 'fit the sequence models to a data set, beside the published figures', load: async () => (await import('./recipe.ts')).recipeCommand() },
  { name: 'journey', about: 'show what the journey model reads in a member\'s sequence', load: async () => (await import('./journey.ts')).journeyCommand() },
  { name: 'sponsored', about: 'what revenue may cost in engagement: a multiplier solved on the requests of a store', load: async () => (await import('./sponsored.ts')).sponsoredCommand() },
  { name: 'explain', about: 'show one request as a tree, and why each item stands where it does', load: async () => (await import('./explain.ts')).explainCommand() },
  { name: 'funnel', about: 'what became of what was served: one card\'s life, or all of it counted', load: async () => (await import('./funnel.ts')).funnelCommand() },
  { name: 'export', about: 'write the funnel as Parquet files', load: async () => (await import('./export.ts')).exportCommand() },
  { name: 'bridge', about: 'write the older events that a host still consumes', load: async () => (await import('./bridge.ts')).bridgeCommand() },
  { name: 'world', about: 'the simulated network whose truth is known: its parameters, and how far each ranking comes in it', load: async () => (await import('./world.ts')).worldCommand() },
  { name: 'experiment', about: 'list, write, stop and preview experiments of a running server', load: async () => (await import('./experiment.ts')).experimentCommand() },
  { name: 'workflow', about: 'print the operators of a request, in order', load: async () => (await import('./workflow.ts')).workflowCommand() },
  { name: 'cohort', about: 'the cohorts of discovery: list them, check a new one', load: async () => (await import('./cohort.ts')).cohortCommand() },
  { name: 'torture', about: 'try to make the store lose something', load: async () => (await import('./torture.ts')).tortureCommand() },
  { name: 'key', about: 'make an API key', load: async () => (await import('./key.ts')).keyCommand() },
];

/** Failures are told in one place and one form, with our exit codes. */
const tellNothingItself = (command: Command): void => {
  command.exitOverride().configureOutput({ outputError: () => undefined });
  for (const inner of command.commands) tellNothingItself(inner);
};

const misuse = (error: CommanderError, verb: string | undefined): ThroughlineError =>
  new ThroughlineError('client/invalidRequest', `${error.message.replace(/^error: /u, '').replace(/\.$/u, '').replaceAll('\n', ' ')}; see throughline ${verb === undefined ? '' : `${verb} `}--help`);

/** @param args without program names. Sets the exit code; never throws. */
export const main = async (args: readonly string[]): Promise<void> => {
  const program = new Command('throughline').description('A ranked, explained feed for a professional network.').version('0.1.0').showHelpAfterError(false);
  const verb = VERBS.find(({ name }) => name === args.find((arg) => !arg.startsWith('-')));
  if (verb === undefined) for (const { name, about } of VERBS) program.command(name).description(about).helpOption(false).allowUnknownOption();
  else program.addCommand(await verb.load());
  tellNothingItself(program);
  try { await program.parseAsync([...args], { from: 'user' }); } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) process.exitCode = 0;
    // The help stands there already: a verb was left out.
    else if (error instanceof CommanderError && error.code === 'commander.help') process.exitCode = 64;
    else fail(error instanceof CommanderError ? misuse(error, verb?.name) : error, args.includes('--json'));
  }
};
