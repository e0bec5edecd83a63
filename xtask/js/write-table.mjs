// Puts a table that is Markdown into one of our texts, between `<!-- NAME:begin -->` and `<!-- NAME:end -->`:
//   ... | node xtask/js/write-table.mjs FILE NAME
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * @param {string} file from the repository's root
 * @param {string} name
 * @param {string} markdown
 */
export const writeTable = (file, name, markdown) => {
  const path = new URL(`../../${file}`, import.meta.url);
  const text = readFileSync(path, 'utf8');
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  if (!text.includes(begin) || !text.includes(end)) throw new Error(`${file} has no ${begin} ... ${end}`);
  const [head, rest] = [text.slice(0, text.indexOf(begin) + begin.length), text.slice(text.indexOf(end))];
  writeFileSync(path, `${head}\n\n${markdown.trim()}\n\n${rest}`);
  console.log(`${file}: ${name} written`);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const markdown = readFileSync(0, 'utf8');
  console.log(markdown);
  writeTable(process.argv[2], process.argv[3], markdown);
}
