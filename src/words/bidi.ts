/** Which way a text runs, and how one is put into a sentence that runs the other way. */

export type Direction = 'ltr' | 'rtl';

/** First strong isolate, and the end of it. */
const OPEN = '\u2068';
const CLOSE = '\u2069';
const RIGHT_TO_LEFT_SCRIPTS: ReadonlySet<string> = new Set(['Adlm', 'Arab', 'Hebr', 'Nkoo', 'Rohg', 'Samr', 'Syrc', 'Thaa']);

/** @param locale a language tag; what is none runs from left to right */
export const directionOf = (locale: string): Direction => {
  try {
    return RIGHT_TO_LEFT_SCRIPTS.has(new Intl.Locale(locale).maximize().script ?? '') ? 'rtl' : 'ltr';
  } catch {
    return 'ltr';
  }
};

const RTL = String.raw`\p{Script=Adlam}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Nko}\p{Script=Hanifi_Rohingya}\p{Script=Samaritan}\p{Script=Syriac}\p{Script=Thaana}`;
/** Invisible marks that have a direction. */
const MARKS = String.raw`\u061C\u200E\u200F`;
/** What would pull at a sentence of this direction. Digits belong to neither, and move in a sentence from right to left. */
const FOREIGN: Readonly<Record<Direction, RegExp>> = {
  ltr: new RegExp(`[${RTL}${MARKS}]`, 'u'),
  rtl: new RegExp(`[${MARKS}]|(?![${RTL}])[\\p{L}\\p{N}]`, 'u'),
};
const CONTROL = /[\u202A-\u202E\u2066-\u2069]/u;
const CONTROLS = /[\u202A-\u202E\u2066-\u2069]/gu;
const ISOLATES = /\u2068[^\u202A-\u202E\u2066-\u2069]*\u2069/gu;

/**
 * A name as it stands in a sentence. Names run as their owners write them: in an Arabic sentence a Latin name, and in an English one an
 * Arabic name, would take the punctuation, numbers and names beside it along in its own direction, so that the sentence is read in the
 * wrong order. An isolate keeps it to itself. Overrides and unpaired isolates, with which a name could turn the rest of a sentence
 * around, are left out; they are invisible. What stands isolated in it already, as the names of a list do, stays as it is.
 * Source: Unicode Standard Annex 9, sections 2.4 and 6.
 */
export const embedded = (text: string, direction: Direction): string => {
  const outside = text.replace(ISOLATES, '');
  if (CONTROL.test(outside)) return embedded(text.replace(CONTROLS, ''), direction);
  return FOREIGN[direction].test(outside) ? `${OPEN}${text.replace(CONTROLS, '')}${CLOSE}` : text;
};
