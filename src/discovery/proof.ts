/** Social proof: connections of the viewer who are behind a suggestion, named only where both they and the viewer let their network be used. */
import { kindNumber, STATE } from '../catalog/catalog.ts';
import { edgeMadeBy, type EdgeName } from '../catalog/graph.ts';
import { COMMON } from '../words/common.ts';
import { listed, say, type Message } from '../words/words.ts';
import type { DiscoveryWork } from './work.ts';

/** People of an item who are looked at: the newest. */
const READ = 256;
const NAMED = 2;
const MEMBER = kindNumber('member');

export interface Proof { readonly text: string; /** Who is named in it, dense. */ readonly people: readonly number[] }

/** What is said of an edge: of connections of the viewer who have it, and of how many have it. */
interface Said { readonly by: Message; readonly others?: Message }

const SAID: Partial<Record<EdgeName, Said>> = {
  connected: { by: COMMON.connectedTo },
  follows: { by: COMMON.followedBy, others: COMMON.followers },
  belongsTo: { by: COMMON.joinedBy, others: COMMON.members },
  attends: { by: COMMON.attendedBy, others: COMMON.attendees },
  subscribesTo: { by: COMMON.subscribedBy, others: COMMON.subscribers },
};

/** Whether a connection may be named to the viewer. */
const mayName = ({ views: { catalog } }: DiscoveryWork, person: number): boolean =>
  catalog.items.columns.state[person] === STATE.alive && catalog.items.columns.kind[person] === MEMBER && catalog.allowed(person).graph;

/** Connections of the viewer among those that an edge ties to an item. */
const connectionsAt = (work: DiscoveryWork, edge: EdgeName, item: number): readonly number[] => {
  const { viewer, views: { catalog } } = work;
  const found: number[] = [];
  if (!work.context.allowed.graph) return found;
  const connected = catalog.edges.connected.from;
  const { data, head } = catalog.edges[edge].to.view;
  const block = head[item] ?? 0;
  const end = block + 2 + (data[block] ?? 0);
  for (let at = end - 1; at >= Math.max(block + 2, end - READ); at--) {
    const person = data[at] ?? 0;
    if (viewer.ties.values[person] === 1 && mayName(work, person) && connected.has(viewer.number, person)) found.push(person);
  }
  return found;
};

/** What is said of those behind a suggestion, by the edge that the action of its card would make; undefined where there is nobody. */
export const proofOf = (work: DiscoveryWork, item: number, action: string): Proof | undefined => {
  const { context: { locale }, views: { catalog } } = work;
  const edge = edgeMadeBy(action);
  const said = edge === undefined ? undefined : SAID[edge];
  if (edge === undefined || said === undefined) return undefined;
  const people = connectionsAt(work, edge, item);
  const named = people.slice(0, NAMED);
  if (named.length > 0) {
    const names = listed(named.map((person) => catalog.nameOf(person)), people.length, locale);
    return { text: say(said.by, locale, { names }), people: named };
  }
  const count = said.others === undefined ? 0 : catalog.edges[edge].to.length(item);
  return said.others === undefined || count === 0 ? undefined : { text: say(said.others, locale, { count }), people: [] };
};
