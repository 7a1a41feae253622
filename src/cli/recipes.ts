/** Finds recipes and the files that they are about. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ThroughlineError } from '../core/errors.ts';
import { printable } from '../core/ids.ts';
import { contentHash } from '../models/sequences/lines.ts';
import { readSequences, type ReadSequences } from '../models/sequences/read.ts';
import type { Recipe } from '../models/sequences/recipe.ts';

// Compiled, recipes stand inside dist/; in a checkout, beside src/.
const compiled: boolean = import.meta.url.endsWith('.js');
const FOLDER: URL = new URL(compiled ? '../recipes/' : '../../recipes/', import.meta.url);
const ENDING: string = compiled ? '.js' : '.ts';

export const recipeNames = (): readonly string[] =>
  readdirSync(FOLDER).filter((name) => name.endsWith(ENDING) && !name.endsWith('.d.ts')).map((name) => name.slice(0, -ENDING.length)).toSorted((a, b) => (a < b ? -1 : 1));

/** @throws client/notFound naming the recipes that there are */
export const loadRecipe = async (name: string): Promise<Recipe> => {
  const names = recipeNames();
  if (!names.includes(name)) throw new ThroughlineError('client/notFound', `there is no recipe "${printable(name)}"; there are ${names.join(', ')}, and sequences or people for any file of your own`);
  const { recipe } = await import(new URL(`${name}${ENDING}`, FOLDER).href) as { readonly recipe: Recipe };
  return recipe;
};

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Files of these names in a folder or one level below it, packed or not. */
const found = (folder: string, files: readonly string[]): string[] => {
  const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name)).toSorted((a, b) => (a < b ? -1 : 1));
  return [folder, ...below].flatMap((place) => files.flatMap((file) => [join(place, file), join(place, `${file}.gz`)])).filter((path) => existsSync(path) && !isFolder(path));
};

const missing = ({ name, data }: Recipe, place: string): ThroughlineError => new ThroughlineError('client/notFound',
  `${place} holds no ${data.files.join(' or ')}, nor the same with .gz; it is offered at ${data.offeredAt} by ${data.publisher} (terms: ${data.terms}); fetch it and run throughline recipe ${name} --data <its folder>`, { where: { file: place } });

const another = ({ data }: Recipe, file: string, sha256: string): ThroughlineError => new ThroughlineError('client/invalidData',
  `${file} is not the file of this recipe: its content has sha256 ${sha256}, the recipe is frozen on ${data.sha256.join(' or ')}; fetch that one at ${data.offeredAt}, or run throughline recipe sequences --file ${file}`, { where: { file } });

/**
 * Reads the file of a recipe from a folder, from a folder one level below, or the file itself when it is named.
 * @throws client/notFound saying where it is offered; client/invalidData when its content is another
 */
export const readRecipe = async (recipe: Recipe, data: string): Promise<ReadSequences> => {
  const place = resolve(data);
  if (!existsSync(place)) throw missing(recipe, place);
  const files = isFolder(place) ? found(place, recipe.data.files) : [place];
  let last: { readonly file: string; readonly sha256: string } | undefined;
  for (const file of files) {
    const sha256 = await contentHash(file);
    if (recipe.data.sha256.includes(sha256)) return readSequences(file, recipe.data.columns === undefined ? {} : { columns: recipe.data.columns });
    last ??= { file, sha256 };
  }
  throw last === undefined ? missing(recipe, place) : another(recipe, last.file, last.sha256);
};
