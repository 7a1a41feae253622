/** Who is connected to whom (both ways) and who follows whom. */
import type { Space } from '../memory/space.ts';
import { openLists, type Lists } from '../memory/structures.ts';

export interface Graph {
  readonly connections: Lists;
  readonly follows: Lists;
  /** Writer only. */
  connect(a: number, b: number, undo: boolean): void;
  follow(member: number, target: number, undo: boolean): void;
  /** Takes an entity out of everybody's lists. @param entities how many there are */
  forget(number: number, entities: number): void;
}

export const openGraph = (space: Space): Graph => {
  const connections = openLists(space, 'connections');
  const follows = openLists(space, 'follows');
  const change = (lists: Lists, from: number, edge: { readonly to: number; readonly undo: boolean }): void => {
    if (edge.undo) lists.remove(from, edge.to);
    else if (!lists.has(from, edge.to)) lists.push(from, edge.to);
  };
  return {
    connections, follows,
    connect: (a, b, undo) => {
      if (a === b) return;
      change(connections, a, { to: b, undo });
      change(connections, b, { to: a, undo });
    },
    follow: (member, to, undo) => { change(follows, member, { to, undo }); },
    forget: (number, entities) => {
      for (const other of connections.values(number)) connections.remove(other, number);
      for (let other = 0; other < entities; other++) follows.remove(other, number);
      connections.clear(number);
      follows.clear(number);
    },
  };
};
