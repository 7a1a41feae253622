/** What the tests of documents read in a Markdown page: fenced blocks, links, names in backticks. */
export interface Block { readonly language: string; readonly marks: readonly string[]; readonly text: string; readonly line: number }

/** Fenced blocks; the words after the language are marks: `sh run`, `ts run`, `ts suite`, `json answer`, `text output`. */
export const blocksOf = (page: string): readonly Block[] => {
  const blocks: Block[] = [];
  for (const match of page.matchAll(/^```([^\n`]*)\n([\s\S]*?)^```$/gmu)) {
    const [language = '', ...marks] = (match[1] ?? '').trim().split(/\s+/u);
    blocks.push({ language, marks, text: match[2] ?? '', line: page.slice(0, match.index).split('\n').length });
  }
  return blocks;
};

const withoutBlocks = (page: string): string => page.replace(/^```[\s\S]*?^```$/gmu, '');

/** Targets of links and images that point into the repository, without their fragment. */
export const relativeLinks = (page: string): readonly string[] =>
  [...withoutBlocks(page).matchAll(/\]\(([^)\s]+)\)/gu)].map(([, target]) => (target ?? '').replace(/#.*$/u, '')).filter((target) => target !== '' && !/^[a-z]+:/u.test(target));

/** Names in backticks, outside of blocks. */
export const namesIn = (page: string): readonly string[] => [...withoutBlocks(page).matchAll(/`([^`\n]+)`/gu)].map(([, name]) => name ?? '');
