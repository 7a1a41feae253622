import { posix } from 'node:path';

/** For each room, what it may import; `true` when that must be in use, `false` for what is only planned. */
export type ImportMap = ReadonlyMap<string, ReadonlyMap<string, boolean>>;

export interface Import { readonly file: string; readonly line: number; readonly specifier: string }

const parseAllowed = (cell: string): ReadonlyMap<string, boolean> =>
  new Map(cell.replaceAll('`', '').split(/,\s*/u).filter((name) => name !== '—' && name !== '').map((name) => [name.replaceAll(/[()]/gu, ''), !name.startsWith('(')]));

/** The table under "## Import map" of ARCHITECTURE.md; a name in parentheses is allowed and not used yet. */
export const parseImportMap = (markdown: string): ImportMap => {
  const section = markdown.split(/^## Import map$/mu)[1]?.split(/^## /mu)[0] ?? '';
  const rows = [...section.matchAll(/^\|([^|]+)\|([^|]+)\|$/gmu)].map(([, room = '', allowed = '']) => [room.trim(), allowed.trim()] as const);
  return new Map(rows
    .filter(([room]) => room !== 'room' && !/^[-:]+$/u.test(room))
    .map(([room, allowed]) => [room.replaceAll('`', ''), parseAllowed(allowed)]));
};

const IMPORT = /(?:^|[;\s])(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|(?:^|[;\s])import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]|new URL\(\s*['"](\.[^'"]+\.[jt]s)['"]\s*,\s*import\.meta\.url/gmu;

/** Static, bare, re-exporting, dynamic and type imports, and the worker files named by `new URL(…, import.meta.url)`. */
export const importsOf = (file: string, source: string): Import[] =>
  [...source.matchAll(IMPORT)].map((match) => ({
    file,
    line: source.slice(0, match.index + match[0].length).split('\n').length,
    specifier: match.slice(1).find((group) => group !== undefined) ?? '',
  }));

/** `src/feed/mixer.ts` → `feed`, `src/platform.ts` → `platform`, `web/src/app.tsx` → `web`; undefined outside both. */
export const roomOf = (path: string): string | undefined => {
  const [top, second] = path.split('/');
  if (top === 'web') return 'web';
  return top === 'src' ? second?.replace(/\.(?:tsx?|js)$/u, '') : undefined;
};

/** The room that an import leads to; undefined for packages and Node's own modules. */
export const targetOf = ({ file, specifier }: Import): string | undefined => {
  const own = /^throughline(?:\/(\w+))?$/u.exec(specifier);
  if (own !== null) return own[1] ?? 'index';
  return specifier.startsWith('.') ? roomOf(posix.normalize(posix.join(posix.dirname(file), specifier))) : undefined;
};

export interface Findings { readonly forbidden: string[]; readonly unused: string[]; readonly roomless: string[] }

/** Compares what is imported with what the map allows; rooms that do not exist yet are not judged. */
export const judge = (map: ImportMap, imports: readonly Import[], rooms: ReadonlySet<string>): Findings => {
  const forbidden: string[] = [];
  const used = new Set<string>();
  for (const one of imports) {
    const from = roomOf(one.file);
    const to = targetOf(one);
    if (from === undefined || to === undefined || from === to) continue;
    used.add(`${from} → ${to}`);
    if (map.get(from)?.has(to) !== true) forbidden.push(`${one.file}:${one.line} imports ${one.specifier}: the row of ${from} does not allow ${to}`);
  }
  const unused = [...map]
    .filter(([room]) => rooms.has(room))
    .flatMap(([room, allowed]) => [...allowed].filter(([to, inUse]) => inUse && rooms.has(to) && !used.has(`${room} → ${to}`)).map(([to]) => `${room} may import ${to} and never does`));
  return { forbidden, unused, roomless: [...rooms].filter((room) => !map.has(room)) };
};

/** The table as the imports of today would have it: what to paste when the map is to follow the code. */
export const tableOf = (imports: readonly Import[], rooms: ReadonlySet<string>): string =>
  [...rooms].map((room) => {
    const targets = new Set(imports.filter((one) => roomOf(one.file) === room).map(targetOf).filter((to) => to !== undefined && to !== room));
    return `| ${room} | ${targets.size === 0 ? '—' : [...targets].join(', ')} |`;
  }).join('\n');
