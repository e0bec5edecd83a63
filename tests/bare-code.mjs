// Code as it is the same in both languages.
import { transform } from 'esbuild';

/** The text before the end of an element, which is for people. Code stands there nowhere: it has no `</`. */
const TEXT = /(?<!=)>[^<>{}]*(?=<\/)/g;

/** Without comments, and without texts for people: what is said, and what has a blank or a full stop or is Chinese. */
export const bare = async ({ loader, code }) => {
  const { code: plain } = await transform(code, { loader, jsx: 'preserve', charset: 'utf8' });
  return plain
    .replace(TEXT, '>')
    .replace(/^\s*\/\*\*.*\*\/\n/gm, '')
    .replace(/\/\/ .*$/gm, '')
    .replace(/\bsay\((['"`])[^'"`]*\1\)/g, 'say("words")')
    .replace(/(['"`])((?:\\.|(?!\1).)*)\1/g, (whole, _, text) => (/\s|\.$|[^\x20-\x7e]/.test(text) ? '"words"' : whole));
};
