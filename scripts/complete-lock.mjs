// @ts-check
// node scripts/complete-lock.mjs: run it after `npm install` has changed package-lock.json.
// npm leaves out of the lock file the optional packages of platforms that its registry does not carry, and `npm ci` then refuses the lock file
// on every machine. This adds the missing ones (their exact versions stand in the packages that want them; no checksum is known for them).
import { readFileSync, writeFileSync } from 'node:fs';
import { inRoot } from './lib/paths.mjs';

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const CPUS = ['arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/** @param {string} name a package named for one platform, such as `@oxlint/binding-linux-x64-musl` */
const platformOf = (name) => {
  const words = name.split(/[/-]/u);
  const os = SYSTEMS.filter((system) => words.includes(system));
  const cpu = CPUS.filter((one) => words.includes(one));
  const libc = words.some((word) => word.startsWith('musl')) ? ['musl'] : words.some((word) => word.startsWith('gnu')) ? ['glibc'] : [];
  return {
    cpu: cpu.length > 0 ? cpu : ['arm'],
    ...(libc.length > 0 ? { libc } : {}),
    os,
  };
};

/**
 * Whether the package at `parent` would find `name`: in its own node_modules or in one further up.
 * @param {Record<string, unknown>} packages
 * @param {string} parent
 * @param {string} name
 */
const isLocked = (packages, parent, name) => {
  for (let folder = parent; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`] !== undefined) return true;
    if (folder === '') return false;
  }
};

const path = inRoot('package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8'));
const added = [];
for (const [parent, one] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(one.optionalDependencies ?? {})) {
    if (isLocked(lock.packages, parent, name)) continue;
    if (!/^\d/u.test(version)) throw new Error(`${parent} wants ${name} at "${version}", which is no exact version: lock it by hand in package-lock.json.`);
    const { cpu, libc, os } = { libc: undefined, ...platformOf(name) };
    lock.packages[`node_modules/${name}`] = { version, cpu, ...(one.dev === true ? { dev: true } : {}), ...(libc === undefined ? {} : { libc }), optional: true, os };
    added.push(`${name}@${version}`);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
if (added.length > 0) writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(added.length === 0 ? 'package-lock.json names every optional package.\n' : `Added to package-lock.json:\n  ${added.join('\n  ')}\n`);
