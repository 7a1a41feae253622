/** Everything that can be added from outside: modules that add rankers, cohorts, actions and entity kinds, and services asked over HTTP. Gathered in every thread. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { registerKind, type KindRow } from '../catalog/kinds.ts';
import { ThroughlineError } from '../core/errors.ts';
import { registerAction } from '../core/registry.ts';
import type { Cohort } from '../discovery/cohort.ts';
import { pluginCohort } from '../discovery/plugin.ts';
import { COHORTS } from '../discovery/pool/index.ts';
import { remoteCohort, type RemoteCohortOptions } from '../discovery/remote.ts';
import { SPONSORED_RANKER } from '../feed/objectives/sponsored-ranker.ts';
import { POOL } from '../rankers/pool/index.ts';
import { remoteRanker, type RemoteOptions } from '../rankers/remote/ranker.ts';
import { pluginRanker, type FirstPassRanker, type PluginRanker } from '../rankers/ranker.ts';
import type { Plugin } from '../plugin.ts';

/** As the configuration names them. */
export interface Named { readonly plugins: readonly string[]; readonly remotes: readonly RemoteOptions[]; readonly cohorts: readonly RemoteCohortOptions[] }

/** Who is asked: the pools, then what was added. */
export interface Sources { readonly rankers: readonly FirstPassRanker[]; readonly cohorts: readonly Cohort[] }

const isFriendly = (ranker: FirstPassRanker | PluginRanker): ranker is PluginRanker => 'fetch' in ranker;

/** A path is read from the folder the command was given in; anything else is a package. */
const addressOf = (name: string): string => (/^[./]/.test(name) ? pathToFileURL(resolve(name)).href : name);

/** What is wrong with its lists, in sentences: modules may be written without types. What stands in them is looked at where it is used. */
const faultsOf = (plugin: Readonly<Record<string, unknown>>): readonly string[] => {
  const LISTS = ['rankers', 'cohorts', 'actions', 'kinds'];
  const isRow = (row: unknown): boolean => typeof row === 'object' && row !== null && typeof (row as { readonly name?: unknown }).name === 'string';
  const lists = LISTS.filter((list) => plugin[list] !== undefined && !Array.isArray(plugin[list])).map((list) => `"${list}" must be a list`);
  const rows = ['actions', 'kinds'].filter((list) => Array.isArray(plugin[list]) && !(plugin[list] as readonly unknown[]).every(isRow)).map((list) => `each of "${list}" must be an object with a name`);
  const kinds = Array.isArray(plugin['kinds']) ? (plugin['kinds'] as readonly unknown[]).filter(isRow) as readonly Partial<KindRow>[] : [];
  const bare = kinds.filter(({ attributes }) => typeof attributes?.safeParse !== 'function').map(({ name = '' }) => `the kind "${name}" has no "attributes": a schema of zod`);
  const unknown = Object.keys(plugin).filter((key) => !LISTS.includes(key)).map((key) => `"${key}" is none of ${LISTS.join(', ')}`);
  return [...lists, ...rows, ...bare, ...unknown];
};

/** The default export of a module. @throws client/invalidConfig naming the plug-in */
export const loadPlugin = async (name: string): Promise<Plugin> => {
  const module = await import(addressOf(name)).catch((cause: unknown) => {
    throw new ThroughlineError('client/invalidConfig', `the plug-in "${name}" cannot be loaded (${cause instanceof Error ? cause.message : String(cause)}); name a module by its path, ./mine.mjs, or by its package`, { cause });
  }) as { readonly default?: unknown };
  if (typeof module.default === 'object' && module.default !== null) {
    const faults = faultsOf(module.default as Readonly<Record<string, unknown>>);
    if (faults.length === 0) return module.default;
    throw new ThroughlineError('client/invalidConfig', `the plug-in "${name}" cannot be used: ${faults.join('; ')}`);
  }
  throw new ThroughlineError('client/invalidConfig', `the plug-in "${name}" has no default export with rankers, cohorts, actions or kinds; see docs/guides/write-a-ranker.md and docs/guides/launch-a-cohort.md`);
};

/** Registers actions and kinds. @throws client/invalidConfig naming the plug-in */
export const loadPlugins = async (names: readonly string[]): Promise<readonly Plugin[]> => {
  const plugins: Plugin[] = [];
  for (const name of names) {
    const plugin = await loadPlugin(name);
    for (const kind of plugin.kinds ?? []) registerKind(kind);
    for (const action of plugin.actions ?? []) registerAction(action);
    plugins.push(plugin);
  }
  return plugins;
};

/** @throws client/invalidConfig where two have one name */
/** @param taken names of what is there besides */
const named = <Source extends { readonly name: string }>(sources: readonly Source[], what: string, taken: readonly string[] = []): readonly Source[] => {
  const names = new Set(taken);
  for (const { name } of sources) {
    if (names.has(name)) throw new ThroughlineError('client/invalidConfig', `there is a ${what} "${name}" already; give yours another name`);
    names.add(name);
  }
  return sources;
};

/** @throws client/invalidConfig naming what cannot be used */
export const gatherSources = async ({ plugins, remotes, cohorts }: Named): Promise<Sources> => {
  const loaded = await loadPlugins(plugins);
  const rankers = loaded.flatMap((plugin) => (plugin.rankers ?? []).map((ranker) => (isFriendly(ranker) ? pluginRanker(ranker) : ranker)));
  return {
    rankers: named([...POOL, ...rankers, ...remotes.map((remote) => pluginRanker(remoteRanker(remote)))], 'ranker', [SPONSORED_RANKER]),
    cohorts: named([...COHORTS, ...loaded.flatMap((plugin) => (plugin.cohorts ?? []).map((cohort) => pluginCohort(cohort))), ...cohorts.map((remote) => pluginCohort(remoteCohort(remote)))], 'cohort'),
  };
};
