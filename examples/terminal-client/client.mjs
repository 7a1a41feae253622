// @ts-check
// Discovery in a terminal: any cohort, by its JSON alone. It knows slots, a button, "See all" and dismissing; it knows no kind and no cohort,
// so one that is launched tomorrow shows here without a change. `node client.mjs <url> <member> [locale]`, then one command a line:
// 3 presses the button of card 3 (again: takes it back), x3 dismisses it, u undoes that, a2 shows all of cohort 2, n goes on, b goes back, q ends.
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';

const [url = 'http://127.0.0.1:7700', member = '1', locale = 'en'] = process.argv.slice(2);
const columns = process.stdout.columns ?? 100;
/** Cards that fit in two rows here; the others stand by for those that are dismissed. */
const ROWS = 6;

/** What stands on the screen: shelves with cards, each card by its number. */
let screen = { page: /** @type {any} */ (undefined), shelves: /** @type {any[]} */ ([]), cards: /** @type {any[]} */ ([]), since: 0, all: '' };
/** Event of each action that may be undone, by card and action; dismissed cards, the last one last. */
const done = new Map();
const dismissed = /** @type {any[]} */ ([]);

const print = (text = '') => { process.stdout.write(`${text}\n`); };
const oneLine = (/** @type {string} */ text) => (text.length > columns - 8 ? `${text.slice(0, columns - 9)}…` : text);

/** @param {string} path @param {unknown} [body] @returns {Promise<any>} */
const ask = async (path, body) => {
  const answer = await fetch(url + path, body === undefined ? { headers: { 'accept-language': locale } } : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const json = await answer.json();
  if (!answer.ok) throw new Error(json.detail ?? `the server answered ${answer.status}`);
  return json;
};

/** @param {any} card @param {Record<string, unknown>} what */
const send = (card, what) => ask('/v1/events', { id: randomUUID(), member: `member:${member}`, item: card.item, trackingId: card.trackingId, at: new Date().toISOString(), surface: 'discovery', ...what });

/** A card was seen once it leaves the screen. */
const leave = async () => {
  const visibleMs = Date.now() - screen.since;
  await Promise.all(screen.cards.map(({ card }) => send(card, { type: 'impression', span: `${card.trackingId}.0`, visibleMs })));
};

const isDone = (/** @type {any} */ card, /** @type {any} */ button) => card.viewer.actions.includes(button.action);

/** Texts by slot, whatever they say; which slots there are and what goes first where room is short, the template says. */
const draw = () => {
  const { page, shelves } = screen;
  screen.cards = [];
  screen.since = Date.now();
  shelves.forEach((shelf, row) => {
    print(`\n${row + 1}. ${shelf.title}${shelf.reason === undefined ? '' : ` — ${shelf.reason}`}`);
    const slots = Object.keys(page.templates[shelf.template]?.maxLines ?? { primary: 1 });
    const cards = shelf.items.filter((/** @type {any} */ card) => !dismissed.some(({ item }) => item === card.item)).slice(0, screen.all === '' ? ROWS : undefined);
    for (const card of cards) {
      screen.cards.push({ card, button: shelf.button });
      const [first, ...others] = slots.map((slot) => card.slots[slot]).filter((text) => text !== undefined);
      print(oneLine(`   ${String(screen.cards.length).padStart(3)}  (${card.image.initials}) ${first ?? ''}  [${isDone(card, shelf.button) ? shelf.button.done : shelf.button.label}]`));
      for (const text of others) print(oneLine(`        ${text}`));
    }
    if (screen.all === '' && shelf.total > cards.length) print(`        ${shelf.seeAll}: a${row + 1}`);
  });
  if (shelves.length === 0) print(page.words.nothingHere);
  if (page.missing.length > 0) print(`\n${page.words.partlyMissing}`);
  if (page.nextCursor) print(`\n${page.words.more}: n`);
};

const home = async () => {
  const page = await ask(`/v1/members/${member}/discovery`);
  screen = { page, shelves: page.cohorts, cards: [], since: 0, all: '' };
};
/** @param {string} name @param {string} [cursor] */
const seeAll = async (name, cursor) => {
  const page = await ask(`/v1/members/${member}/discovery/${name}?limit=20${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
  screen = { page, shelves: page.cohort === undefined ? [] : [page.cohort], cards: [], since: 0, all: name };
};

/** @param {any} card @param {any} button */
const press = async (card, { action, undoable }) => {
  const key = `${card.item} ${action}`;
  if (!card.viewer.actions.includes(action)) {
    const id = randomUUID();
    await send(card, { type: 'action', id, action });
    done.set(key, id);
    card.viewer.actions = [...card.viewer.actions, action];
  } else if (undoable && done.has(key)) {
    await send(card, { type: 'action', action, of: done.get(key) });
    card.viewer.actions = card.viewer.actions.filter((/** @type {string} */ each) => each !== action);
  }
};

/** @param {string} line @returns {Promise<boolean>} whether it goes on */
const obey = async (line) => {
  const [, letter = '', digits = ''] = /^([a-z]?)(\d*)$/u.exec(line.trim()) ?? [];
  const number = Number(digits) - 1;
  const at = screen.cards[number];
  if (letter === 'q') { await leave(); return false; }
  if (letter === '' && at !== undefined) await press(at.card, at.button);
  else if (letter === 'x' && at !== undefined) {
    const id = randomUUID();
    await send(at.card, { type: 'action', id, action: 'dismiss' });
    dismissed.push({ item: at.card.item, card: at.card, id });
    print(`${at.card.dismissed} (${screen.page.words.undo}: u)`);
  } else if (letter === 'u' && dismissed.length > 0) {
    const { card, id } = dismissed.pop();
    await send(card, { type: 'action', action: 'dismiss', of: id });
  } else if (letter === 'a' && screen.shelves[number] !== undefined) { await leave(); await seeAll(screen.shelves[number].name); }
  else if (letter === 'n' && screen.page.nextCursor) { await leave(); await seeAll(screen.all, screen.page.nextCursor); }
  else if (letter === 'b') { await leave(); await home(); }
  else { print('?'); return true; }
  draw();
  return true;
};

try {
  await home();
  draw();
  let left = false;
  for await (const line of createInterface({ input: process.stdin })) if (!await obey(line)) { left = true; break; }
  if (!left) await leave();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
