/** Whatever is wrong, the program says what, where and what to do, in one sentence, with an exit code for scripts. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { openTestPlatform, PROGRAM, spawnServer, temporaryFolder } from '../support/real-server.ts';
import { article, call, like } from '../support/requests.ts';

interface Run { readonly code: number | null; readonly out: string; readonly err: string }

const run = (...args: readonly string[]): Promise<Run> => new Promise((resolve, reject) => {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => { out += text; });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { err += text; });
  child.once('error', reject);
  child.once('close', (code) => { resolve({ code, out, err }); });
});

interface Complaint { readonly error: { readonly code: string; readonly detail: string; readonly file?: string; readonly line?: number; readonly field?: string } }

/** Runs with --json: nothing on standard output, one object on standard error. */
const complaint = async (...args: readonly string[]): Promise<Complaint['error'] & { readonly exit: number | null }> => {
  const { code, out, err } = await run(...args, '--json');
  expect(out).toBe('');
  const lines = err.trim().split('\n');
  expect(lines).toHaveLength(1);
  const { error } = JSON.parse(lines[0] ?? '') as Complaint;
  expect(error.detail).not.toMatch(/\n|undefined|\[object|""/u);
  return { ...error, exit: code };
};

const folderWith = (name: string, content: string | Buffer): string => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), content);
  return folder;
};
const HEADER = 'timestamp,eventType,contentId,personId,sessionId,userCountry';
const row = (n: number): string => `${1_460_000_000 + n},VIEW,${n},7,8,BR`;
const csv = (...lines: readonly string[]): Buffer => Buffer.from(`${lines.join('\n')}\n`);
const FILE = 'users_interactions.csv';

// The first run builds what is stale, and says so.
beforeAll(() => run('--version'));

describe.concurrent('the command line', () => {
  test.each([
    [['frobnicate'], 'frobnicate'], [['serve', '--frob'], '--frob'], [['serve', '--port', 'x'], 'whole number'], [['serve', '--workers', '-1'], '-1'],
    [['workflow'], 'name'], [['explain'], 'requestId'], [['import', 'nothing', 'x'], 'nothing'], [['import', 'deskdrop'], 'folder'], [['key', 'a'], '--scopes'],
    [['evaluate', '--seed', 'x'], 'whole number'], [['torture', 'log', '--cycles', '0'], 'at least 1'],
  ])('%j is refused in one sentence that leads to the help, exit code 64', async (args, says) => {
    const { exit, code, detail } = await complaint(...args);
    expect([exit, code]).toEqual([64, 'client/invalidRequest']);
    expect(detail).toContain(says);
    expect(detail).toContain('--help');
  });

  test('without --json it is one line for people', async () => {
    expect(await run('serve', '--frob')).toEqual({ code: 64, out: '', err: "Error: unknown option '--frob'; see throughline serve --help (client/invalidRequest)\n" });
  });

  test('every command takes --data, or the address of a server, and --json', async () => {
    const commandsOf = (help: string): string[] => [...(help.split(/^Commands:$/mu)[1] ?? '').matchAll(/^ {2}([\w-]+)/gmu)].map(([, name = '']) => name).filter((name) => name !== 'help');
    const helpOf = async (path: readonly string[]): Promise<string> => (await run(...path, '--help')).out;
    const verbs = commandsOf(await helpOf([]));
    expect(verbs).toContain('serve');
    const lacking = await Promise.all(verbs.map(async (verb): Promise<readonly string[]> => {
      const help = await helpOf([verb]);
      const inner = commandsOf(help);
      const helps = inner.length === 0 ? [[verb, help] as const] : await Promise.all(inner.map(async (name) => [`${verb} ${name}`, await helpOf([verb, name])] as const));
      // What asks a running server takes its address; these ask neither a store nor a server.
      const asksNobody = ['world parameters', 'cohort list', 'bridge compare'];
      return helps.flatMap(([name, text]) => [...(asksNobody.includes(name) || text.includes('--url <') ? [] : ['--data <']), '--json'].filter((option) => !text.includes(option)).map((option) => `${name} lacks ${option}`));
    }));
    expect(lacking.flat()).toEqual([]);
  });
});

describe.concurrent('data that is not there', () => {
  test.each([['evaluate'], ['explain', 'some-request'], ['train']])('%s says so and makes nothing', async (...args) => {
    const data = join(temporaryFolder(), 'nothing');
    const { exit, code, detail } = await complaint(...args, '--data', data);
    expect([exit, code]).toEqual([66, 'client/noData']);
    expect(detail).toContain(data);
    expect(existsSync(data)).toBe(false);
  });

  test('a model that was never trained', async () => {
    for (const verb of ['show', 'rollback']) expect(await complaint('model', verb, '--data', temporaryFolder())).toMatchObject({ exit: 66, code: 'client/noModel' });
  });

  test('a request that nobody made', async () => {
    const data = temporaryFolder();
    await (await openTestPlatform({ data })).close();
    expect(await complaint('explain', 'nobody-asked', '--data', data)).toMatchObject({ exit: 66, code: 'client/notFound' });
  });
});

describe.concurrent('a file to import', () => {
  test.each<readonly [string, string, Buffer, { readonly line?: number; readonly field?: string; readonly says: string }]>([
    ['cut short in a line', FILE, Buffer.from([HEADER, row(1), row(2).slice(0, 20)].join('\n')), { line: 3, says: 'cut short' }],
    ['not in UTF-8', FILE, Buffer.concat([csv(HEADER, row(1)), Buffer.from('1460000002,VIEW,2,7,8,\xe9\n', 'latin1')]), { line: 3, says: 'UTF-8' }],
    ['without a column', FILE, csv(HEADER.replace('personId,', ''), '1,VIEW,1,8,BR'), { line: 1, says: 'personId' }],
    ['with a wrong value', FILE, csv(HEADER, row(1), row(2).replace('VIEW', 'STARE')), { line: 3, field: 'eventType', says: 'STARE' }],
    ['with a wrong time', FILE, csv(HEADER, row(1).replace('1460000001', 'yesterday')), { line: 2, field: 'timestamp', says: 'yesterday' }],
    ['that is empty', FILE, Buffer.alloc(0), { line: 1, says: 'empty' }],
    ['with a header alone', FILE, csv(HEADER), { line: 1, says: 'no events' }],
    ['of a broken archive', `${FILE}.gz`, gzipSync(csv(HEADER, row(1), row(2))).subarray(0, 40), { says: 'gzip' }],
    ['of another name', 'other.csv', csv(HEADER, row(1)), { says: FILE }],
  ])('%s is refused with the place, and nothing of it is taken', async (...[, file, content, { line, field, says }]) => {
    const data = temporaryFolder();
    const { exit, code, detail, ...where } = await complaint('import', 'deskdrop', folderWith(file, content), '--data', data);
    expect([exit, code, where.line, where.field]).toEqual([65, 'client/invalidData', line, field]);
    expect(detail).toContain(says);
    const platform = await openTestPlatform({ data });
    expect(await platform.health()).toMatchObject({ events: 0, entities: 0 });
    await platform.close();
  });

  test('imported twice changes nothing, and what was accepted before a refused file stays', async () => {
    const data = temporaryFolder();
    const folder = folderWith(FILE, csv(HEADER, row(1), row(2), row(2)));
    expect(JSON.parse((await run('import', 'deskdrop', folder, '--data', data, '--json')).out)).toEqual({ entities: 3, events: 3, duplicates: 0, leftOut: 0 });
    await complaint('import', 'deskdrop', folderWith(FILE, csv(HEADER, row(3), 'x')), '--data', data);
    expect(JSON.parse((await run('import', 'deskdrop', folder, '--data', data, '--json')).out)).toEqual({ entities: 0, events: 0, duplicates: 3, leftOut: 0 });
  });
});

describe('serve', () => {
  test('on a port that is taken says which and what to do', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => { taken.listen(0, '127.0.0.1', resolve); });
    const { port } = taken.address() as AddressInfo;
    for (const workers of ['0', '1']) {
      const { exit, code, detail } = await complaint('serve', '--data', temporaryFolder(), '--port', String(port), '--workers', workers);
      expect([exit, code]).toEqual([75, 'server/portInUse']);
      expect(detail).toContain(`port ${port}`);
      expect(detail).toContain('--port');
    }
    taken.close();
  });

  test('on a folder that another server or import holds says so, and the first goes on', async () => {
    const first = await spawnServer();
    await call(first, '/v1/entities', { body: [{ kind: 'member', id: '42', attributes: {} }, article('7')] });
    for (const args of [['serve', '--port', '0'], ['serve', '--port', '0', '--workers', '1'], ['import', 'deskdrop', folderWith(FILE, csv(HEADER, row(1)))]]) {
      const { exit, code, detail } = await complaint(...args, '--data', first.data);
      expect([exit, code]).toEqual([75, 'server/storeInUse']);
      expect(detail).toContain(first.data);
    }
    expect((await call(first, '/v1/events', { body: like() })).status).toBe(200);
    await first.close();
  });

  test('a folder written by a newer version is left as it is', async () => {
    const data = temporaryFolder();
    const platform = await openTestPlatform({ data });
    await platform.putEntities([article('7')]);
    await platform.close();
    const manifest = join(data, 'log', 'manifest.json');
    const newer = JSON.stringify({ ...JSON.parse(readFileSync(manifest, 'utf8')) as object, format: 99 });
    writeFileSync(manifest, newer);
    for (const args of [['serve', '--port', '0'], ['evaluate'], ['import', 'deskdrop', folderWith(FILE, csv(HEADER, row(1)))]]) {
      const { exit, code, detail } = await complaint(...args, '--data', data);
      expect([exit, code]).toEqual([76, 'server/storeNewer']);
      expect(detail).toContain('newer version');
    }
    expect(readFileSync(manifest, 'utf8')).toBe(newer);
  });

  test('a folder whose manifest is no manifest is not opened', async () => {
    const data = temporaryFolder();
    mkdirSync(join(data, 'log'));
    writeFileSync(join(data, 'log', 'manifest.json'), '{"format":');
    expect(await complaint('serve', '--port', '0', '--data', data)).toMatchObject({ exit: 76, code: 'server/storeCorrupt' });
  });

  test('settings with several faults are told all of them at once', async () => {
    const config = join(folderWith('config.json', JSON.stringify({ prot: 7700, host: 7, feed: { deadlineMs: 0, explore: 1 }, keys: [{ name: 'a', hash: 'zz', scopes: ['all'] }] })), 'config.json');
    const { exit, code, detail, file } = await complaint('serve', '--data', temporaryFolder(), '--config', config);
    expect([exit, code, file]).toEqual([78, 'client/invalidConfig', config]);
    for (const part of ['prot', 'host', 'deadlineMs', 'explore', 'hash', 'scopes']) expect(detail.toLowerCase()).toContain(part.toLowerCase());
  });

  test.each([['{"port": 1,', 'JSON'], ['[]', 'object'], ['null', 'object']])('settings that are %s are refused', async (text, says) => {
    const config = join(folderWith('config.json', text), 'config.json');
    const { exit, code, detail } = await complaint('serve', '--data', temporaryFolder(), '--config', config);
    expect([exit, code]).toEqual([78, 'client/invalidConfig']);
    expect(detail).toContain(says);
  });

  test('settings that are not there are named', async () => {
    expect((await complaint('serve', '--data', temporaryFolder(), '--config', '/nowhere/config.json')).detail).toContain('/nowhere/config.json');
  });

  test('beyond loopback without keys is refused before anything is made', async () => {
    const data = join(temporaryFolder(), 'none');
    for (const workers of ['0', '2']) {
      const { exit, code, detail } = await complaint('serve', '--data', data, '--host', '0.0.0.0', '--port', '0', '--workers', workers);
      expect([exit, code]).toEqual([78, 'server/keysRequired']);
      expect(detail).toContain('key');
    }
    expect(existsSync(data)).toBe(false);
  });
});

describe('a disk', () => {
  test('that is full refuses what does not fit, keeps what it took, and is told from a broken store', async (context) => {
    const disk = temporaryFolder();
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk]).status !== 0) context.skip('a small file system cannot be mounted here (it takes root)');
    const data = join(disk, 'data');
    const server = await spawnServer({ data });
    try {
      await call(server, '/v1/entities', { body: [{ kind: 'member', id: '42', attributes: {} }] });
      const stored: string[] = [];
      let status = 200;
      for (let n = 0; n < 200 && status === 200; n++) {
        const id = `big${n}`;
        const answer = await call(server, `/v1/entities/article/${id}`, { method: 'PUT', body: { attributes: { title: id, summary: 'words '.repeat(490) } } });
        if (answer.status === 200) stored.push(id);
        else { status = answer.status; expect([status, answer.json['code']]).toEqual([503, 'server/storeUnwritable']); }
        // Larger records fill it sooner.
        if (n === 20) await call(server, '/v1/entities', { body: Array.from({ length: 1500 }, (_, i) => article(`fill${i}`, { summary: 'words '.repeat(490) })) });
      }
      expect(status).toBe(503);
      expect((await call(server, '/health/ready')).json).toMatchObject({ writable: false });
      expect((await call(server, '/v1/members/42/feed')).status).toBe(200);
      await server.close();
      const { exit, code, detail } = await complaint('import', 'deskdrop', folderWith(FILE, csv(HEADER, ...Array.from({ length: 20_000 }, (_, n) => row(n)))), '--data', data);
      expect([exit, code]).toEqual([74, 'server/storeUnwritable']);
      expect(detail).toMatch(/space|full|disk/u);
      const again = await openTestPlatform({ data });
      for (const id of stored) expect(await again.getEntity('article', id)).toBeDefined();
      await again.close();
    } finally {
      await server.close();
      spawnSync('umount', ['-l', disk]);
    }
  });

  test('that may not be written is named', async (context) => {
    const data = temporaryFolder();
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,ro', 'tmpfs', data]).status !== 0) context.skip('a read-only file system cannot be mounted here (it takes root)');
    try {
      const { exit, code, detail } = await complaint('serve', '--data', join(data, 'store'), '--port', '0');
      expect([exit, code]).toEqual([74, 'server/storeUnwritable']);
      expect(detail).toContain(data);
    } finally { spawnSync('umount', ['-l', data]); }
  });
});
