// The exports of the package and the members of what they take and give, as pkg/types/ has them.
import { readFile } from 'node:fs/promises';

/** @param {string} name */
const types = name => readFile(new URL(`../../pkg/types/${name}.d.ts`, import.meta.url), 'utf8');

/**
 * The text of a JSDoc comment before its tags, on one line.
 *
 * @param {string} comment
 */
const prose = comment =>
  comment
    .replace(/^\s*\/\*\*|\*\/\s*$/g, '')
    .split(/^\s*\* ?@|(?<=\s)@(?=\w+ )/m)[0]
    .replace(/^\s*\* ?/gm, '')
    .replace(/\s+/g, ' ')
    .replace(/ - `/g, '; `')
    .trim();

const DOC = '((?:[ \\t]*\\/\\*\\*(?:(?!\\*\\/)[^])*\\*\\/\\n)?)';

/**
 * The members of an interface or a class: `{ name, type, text }`.
 *
 * @param {string} file
 * @param {string} name
 */
export const membersOf = async (file, name) => {
  const text = await types(file);
  const body = new RegExp(`export (?:interface|declare class) ${name}\\b[^{]*\\{\\n([^]*?)\\n\\}`).exec(text)?.[1];
  if (!body) throw new Error(`pkg/types/${file}.d.ts has no ${name}`);
  const members = body.matchAll(
    new RegExp(`${DOC}  (?:readonly )?(\\w+)(\\??)(?:<[^>]*>)?(\\([^;]*|): ((?:[^;{]|\\{[^}]*\\})*);`, 'g'),
  );
  const found = new Map();
  for (const [, comment, member, , method, type] of members) {
    if (!found.has(member))
      found.set(member, { name: method ? `${member}()` : member, type: method ? '' : type, text: prose(comment) });
  }
  return [...found.values()];
};

/**
 * The functions and values that an entry exports: `{ name, text }`.
 *
 * @param {string} file
 */
export const exportsOf = async file => {
  const text = await types(file);
  const found = text.matchAll(new RegExp(`${DOC}export declare (?:function|const) (\\w+)`, 'g'));
  return [...found].map(([, comment, name]) => ({ name, text: prose(comment) }));
};

/**
 * The members of a union of texts.
 *
 * @param {string} file
 * @param {string} name
 */
export const unionOf = async (file, name) => {
  const union = new RegExp(`export type ${name} =([^;]*);`).exec(await types(file))?.[1];
  if (!union) throw new Error(`pkg/types/${file}.d.ts has no ${name}`);
  return [...union.matchAll(/'([^']+)'/g)].map(([, each]) => each);
};
