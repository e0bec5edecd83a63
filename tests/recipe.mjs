// The code of pkg/README.md and of docs/, as it stands there.
import { readFile } from 'node:fs/promises';

const README = await readFile(new URL('../pkg/README.md', import.meta.url), 'utf8');

/** All the code of a recipe, piece by piece. */
export const recipes = heading => {
  const text = README.split(`### ${heading}\n`)[1].split(/\n##+ /)[0];
  return [...text.matchAll(/```js\n([^]*?)```/g)].map(([, code]) => code);
};

/** The code of a recipe, the first where there are more. */
export const recipe = heading => recipes(heading)[0];

/** The same code for Node's `require`. */
export const inCommonJs = code =>
  code.replace(/^import (.*) from (.*)$/gm, 'const $1 = require($2)').replace(/^export const (\w+)/gm, 'exports.$1');

/** The code of a section of a page of docs/, the first where there is more. */
export const docsRecipe = async (page, heading) => {
  const text = await readFile(new URL(`../docs/${page}`, import.meta.url), 'utf8');
  return /^```js\n([^]*?)^```$/m.exec(text.split(`\n## ${heading}\n`)[1])[1];
};
