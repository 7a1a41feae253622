/** Plug-ins named in the configuration: modules whose default export adds rankers, actions and entity kinds. Loaded in every thread. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { registerKind } from '../catalog/kinds.ts';
import { ThroughlineError } from '../core/errors.ts';
import { registerAction } from '../core/registry.ts';
import type { Plugin } from '../rankers/plugin.ts';
import { remoteRanker, type RemoteOptions } from '../rankers/remote/ranker.ts';
import { pluginRanker, type FirstPassRanker, type PluginRanker } from '../rankers/ranker.ts';

const isFriendly = (ranker: FirstPassRanker | PluginRanker): ranker is PluginRanker => 'fetch' in ranker;

/** A path is read from the folder the command was given in; anything else is a package. */
const addressOf = (name: string): string => (/^[./]/.test(name) ? pathToFileURL(resolve(name)).href : name);

const load = async (name: string): Promise<Plugin> => {
  const module = await import(addressOf(name)).catch((cause: unknown) => {
    throw new ThroughlineError('client/invalidConfig', `the plug-in "${name}" cannot be loaded (${cause instanceof Error ? cause.message : String(cause)}); name a module by its path, ./mine.mjs, or by its package`, { cause });
  }) as { readonly default?: unknown };
  if (typeof module.default === 'object' && module.default !== null) return module.default;
  throw new ThroughlineError('client/invalidConfig', `the plug-in "${name}" has no default export with rankers, actions or kinds; see docs/guides/write-a-ranker.md`);
};

/** The services named in the configuration. @throws client/invalidConfig where two rankers have one name */
export const remoteRankers = (remotes: readonly RemoteOptions[], others: readonly FirstPassRanker[]): readonly FirstPassRanker[] => {
  const names = new Set(others.map(({ name }) => name));
  return remotes.map((remote) => {
    if (names.has(remote.name)) throw new ThroughlineError('client/invalidConfig', `there is a ranker "${remote.name}" already; give the service at ${remote.url} another name`);
    names.add(remote.name);
    return pluginRanker(remoteRanker(remote));
  });
};

/** Registers actions and kinds, and hands back the rankers. @throws client/invalidConfig naming the plug-in */
export const loadPlugins = async (names: readonly string[]): Promise<readonly FirstPassRanker[]> => {
  const rankers: FirstPassRanker[] = [];
  for (const name of names) {
    const plugin = await load(name);
    for (const kind of plugin.kinds ?? []) registerKind(kind);
    for (const action of plugin.actions ?? []) registerAction(action);
    for (const ranker of plugin.rankers ?? []) rankers.push(isFriendly(ranker) ? pluginRanker(ranker) : ranker);
  }
  return rankers;
};
