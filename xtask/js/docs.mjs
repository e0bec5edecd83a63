#!/usr/bin/env node
// The tables of docs/ that are made of the sources: of errors from src/failure.rs, of exports and settings from pkg/types/.
//   node xtask/js/docs.mjs
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { WORDS } from './error-words.mjs';
import { writeTable } from './write-table.mjs';

const source = path => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The rows of the table in src/failure.rs, `{ code, reason, message }`; what follows the message's colon is left open. */
const failures = async () => {
  const rust = (await source('src/failure.rs')).split('const fn row(self)')[1].split('/// The `errCode` field')[0];
  const rows = [...rust.matchAll(/Self::\w+ => \((\d+), "([a-z-]+)", "([^"]+)"\)/g)];
  // The one reason that no Rust can give: without WebAssembly there is none.
  const [, code, message] = /\((\d+), "internal", "([^"]+)"\)/.exec(rust);
  const found = rows.map(([, code, reason, message]) => ({ code, reason, message }));
  const at = found.findIndex(({ reason }) => reason === 'not-focused');
  return found.toSpliced(at, 0, { code, reason: 'webassembly-blocked', message });
};

/** The same, a row for each reason: `{ codes, reason, messages }`. */
export const reasons = async () => {
  const merged = new Map();
  for (const { code, reason, message } of await failures()) {
    const row = merged.get(reason) ?? { reason, codes: new Set(), messages: new Set() };
    row.codes.add(code);
    row.messages.add(reason === 'bad-parameter' ? `${message}…` : message);
    merged.set(reason, row);
  }
  return [...merged.values()];
};

const HEADS = [
  ['errCode', 'reason', 'what happened', 'tell the person', 'what you do'],
  ['errCode', 'reason', '发生了什么', '对用户说', '你要做什么'],
];
const MESSAGE_HEADS = [
  ['reason', '`errMsg`, after the name of the call and a colon'],
  ['reason', '`errMsg`（接口名和冒号之后的部分）'],
];

const table = ([head, ...rows]) =>
  [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');

/** The two tables of errors in a language: 0 is English, 1 is Chinese. */
export const errorTables = async language => {
  const rows = await reasons();
  const comma = language === 0 ? ', ' : '、';
  const listed = values => [...values].join(comma);
  for (const { reason } of rows) if (!WORDS[reason]) throw new Error(`error-words.mjs has nothing about ${reason}`);
  const meanings = rows.map(({ codes, reason }) => {
    const { why, tell, act } = WORDS[reason];
    return [listed(codes), `\`${reason}\``, why[language], tell[language], act[language]];
  });
  const messages = rows.map(({ reason, messages }) => [`\`${reason}\``, listed([...messages].map(each => `\`${each}\``))]);
  return { errors: table([HEADS[language], ...meanings]), messages: table([MESSAGE_HEADS[language], ...messages]) };
};

/** The pages by language. */
export const FOLDERS = ['docs', 'docs/zh-CN'];

/** Everything that is made: `{ file, name, markdown }`. */
export const made = async () => {
  const all = [];
  for (const [language, folder] of FOLDERS.entries()) {
    const { errors, messages } = await errorTables(language);
    all.push({ file: `${folder}/errors.md`, name: 'errors', markdown: errors });
    all.push({ file: `${folder}/errors.md`, name: 'messages', markdown: messages });
  }
  return all;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { file, name, markdown } of await made()) writeTable(file, name, markdown);
}
