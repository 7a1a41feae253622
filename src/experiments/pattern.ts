/**
 * Regular expressions that somebody else wrote and every page would run: only such as cannot take long. A backtracking matcher takes time by the power of
 * its free choices: where it begins, repetitions and groups of alternatives. There are at most two, none around a group, and texts are short.
 */
import { ThroughlineError } from '../core/errors.ts';

export const PATTERN_MOST = 64;
export const CHOICES_MOST = 2;
/** Longer texts match nothing. */
export const TEXT_MOST = 160;

const refuse = (what: string): ThroughlineError => new ThroughlineError('client/invalidRequest', `$regex in the condition ${what}`, { where: { field: 'condition' } });

/** Escapes, classes, openings of groups and counts, then everything else one character at a time. */
const TOKEN = /\\.|\[(?:\\.|[^\]\\])*\]|\(\?(?:<[=!]|[:=!<])?|\{\d*,?\d*\}|./gsu;
const REPETITION = /^(?:[*+?]|\{.*\})$/su;

/** How many free choices there are. @throws client/invalidRequest for what is not taken at all */
const choicesOf = (source: string): number => {
  let choices = 0;
  let beginsAnywhere = !source.startsWith('^');
  let before = '';
  /** Of the groups that are open: whether they have alternatives. */
  const open: boolean[] = [];
  for (const [token] of source.matchAll(TOKEN)) {
    if (/^\\[1-9k]/u.test(token)) throw refuse('refers back to what a group found, which is not taken; write out what is looked for');
    if (token.startsWith('(?') && token !== '(?:') throw refuse('takes groups as ( ) and (?: ) alone; leave out names and what looks ahead or behind');
    if (token.startsWith('(')) open.push(false);
    if (token === ')') open.pop();
    if (token === '|' && open.at(-1) === false) { open[open.length - 1] = true; choices++; }
    if (token === '|' && open.length === 0) beginsAnywhere = true;
    if (REPETITION.test(token)) {
      if (before === ')') throw refuse('repeats a group, which may take for ever; repeat a character or a class, such as [a-z]+');
      choices++;
    }
    before = token;
  }
  return choices + (beginsAnywhere ? 1 : 0);
};

/** @throws client/invalidRequest where it is no such expression */
export const pattern = (source: unknown): ((text: string) => boolean) => {
  if (typeof source !== 'string' || source === '') throw refuse('takes a regular expression as text');
  if (source.length > PATTERN_MOST) throw refuse(`has ${source.length} characters, at most ${PATTERN_MOST} are taken`);
  const choices = choicesOf(source);
  if (choices > CHOICES_MOST) throw refuse(`leaves ${choices} things open: where it begins, repetitions, groups of alternatives; at most ${CHOICES_MOST} are taken; begin it with ^, or put $or around shorter ones`);
  let expression: RegExp;
  try { expression = new RegExp(source, 'u'); } catch { throw refuse(`is no regular expression: ${source}`); }
  return (text) => text.length <= TEXT_MOST && expression.test(text);
};
