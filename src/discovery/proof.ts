/** Social proof: connections of the viewer who are behind a suggestion, named only where both they and the viewer let their network be used. */
import { kindNumber, STATE } from '../catalog/catalog.ts';
import type { EdgeName } from '../catalog/graph.ts';
import { COMMON } from '../words/common.ts';
import { listed, say, type Message } from '../words/words.ts';
import type { DiscoveryWork } from './work.ts';

/** People of an item who are looked at: the newest. */
const READ = 256;
const NAMED = 2;
const MEMBER = kindNumber('member');

export interface Proof { readonly text: string; /** Who is named in it, dense. */ readonly people: readonly number[] }

interface Kinship { readonly edge: EdgeName; readonly others: Message; /** Of a page that a connection is tied to. */ readonly by: Message }

const FOLLOWED: Kinship = { edge: 'follows', others: COMMON.followers, by: COMMON.followedBy };
/** What ties people to an item, by the action that its card offers. */
const BY_ACTION: Readonly<Record<string, Kinship>> = {
  follow: FOLLOWED,
  join: { edge: 'belongsTo', others: COMMON.members, by: COMMON.joinedBy },
  attend: { edge: 'attends', others: COMMON.attendees, by: COMMON.attendedBy },
  subscribe: { edge: 'subscribesTo', others: COMMON.subscribers, by: COMMON.subscribedBy },
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

/** What is said of those behind a suggestion; undefined where there is nobody. */
export const proofOf = (work: DiscoveryWork, item: number, action: string): Proof | undefined => {
  const { context: { locale }, views: { catalog } } = work;
  const kinship = BY_ACTION[action];
  const people = action === 'connect' ? connectionsAt(work, 'connected', item) : kinship === undefined ? [] : connectionsAt(work, kinship.edge, item);
  const named = people.slice(0, NAMED);
  if (named.length > 0) {
    const names = listed(named.map((person) => catalog.nameOf(person)), people.length, locale);
    return { text: say(action === 'connect' ? COMMON.connectedTo : (kinship ?? FOLLOWED).by, locale, { names }), people: named };
  }
  const count = kinship === undefined ? 0 : catalog.edges[kinship.edge].to.length(item);
  return kinship === undefined || count === 0 ? undefined : { text: say(kinship.others, locale, { count }), people: [] };
};
