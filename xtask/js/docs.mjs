#!/usr/bin/env node
// The tables of docs/ that are made of the sources: of errors from src/failure.rs, of exports and settings from pkg/types/.
//   node xtask/js/docs.mjs
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { WORDS } from './error-words.mjs';
import { exportsOf, membersOf, unionOf } from './reference.mjs';
import { CHINESE } from './reference-words.mjs';
import { writeTable } from './write-table.mjs';

/** @param {string} path */
const source = path => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The rows of the table in src/failure.rs, `{ code, reason, message }`; what follows the message's colon is left open. */
const failures = async () => {
  const rust = (await source('src/failure.rs')).split('const fn row(self)')[1].split('/// The `errCode` field')[0];
  const rows = [...rust.matchAll(/Self::\w+ => \((\d+), "([a-z-]+)", "([^"]+)"\)/g)];
  const found = rows.map(([, code, reason, message]) => ({ code, reason, message }));
  const at = found.findIndex(({ reason }) => reason === 'internal');
  // The one reason that no Rust can give, since without WebAssembly there is none. pkg/lib/blocked-error.js has it, as an internal error.
  return found.toSpliced(at, 0, { ...found[at], reason: 'webassembly-blocked' });
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

/** @param {string[][]} rows the first is the head */
const table = ([head, ...rows]) => [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');

/**
 * The two tables of errors in a language.
 *
 * @param {number} language 0 is English, 1 is Chinese
 */
export const errorTables = async language => {
  const rows = await reasons();
  const comma = language === 0 ? ', ' : '、';
  /** @param {Iterable<string>} values */
  const listed = values => [...values].join(comma);
  for (const { reason } of rows) if (!WORDS[reason]) throw new Error(`error-words.mjs has nothing about ${reason}`);
  const meanings = rows.map(({ codes, reason }) => {
    const { why, tell, act } = WORDS[reason];
    return [listed(codes), `\`${reason}\``, why[language], tell[language], act[language]];
  });
  const messages = rows.map(({ reason, messages }) => [`\`${reason}\``, listed([...messages].map(each => `\`${each}\``))]);
  return { errors: table([HEADS[language], ...meanings]), messages: table([MESSAGE_HEADS[language], ...messages]) };
};

/**
 * The sections of reference.md: headings, what stands below them, and whose members are listed; without a type, the file's exports.
 *
 * @type {{ file: string, type?: string, heads: string[], of?: string[] }[]}
 */
const SECTIONS = [
  { file: 'index', heads: ['`wx-soter`', '`wx-soter`'] },
  {
    file: 'index',
    type: 'Settings',
    heads: ['Settings', '设置项'],
    of: ['`createWx`, `configure`, `install`, `forgetKey`', '`createWx`、`configure`、`install`、`forgetKey`'],
  },
  { file: 'index', type: 'StartOptions', heads: ['`startSoterAuthentication(options)`', '`startSoterAuthentication(options)`'] },
  { file: 'index', type: 'StartResult', heads: ['What it succeeds with', '它成功时返回'] },
  {
    file: 'index',
    type: 'CheckSupportResult',
    heads: ['`checkIsSupportSoterAuthentication()` succeeds with', '`checkIsSupportSoterAuthentication()` 成功时返回'],
  },
  {
    file: 'index',
    type: 'CheckEnrolledResult',
    heads: [
      '`checkIsSoterEnrolledInDevice({ checkAuthMode })` succeeds with',
      '`checkIsSoterEnrolledInDevice({ checkAuthMode })` 成功时返回',
    ],
  },
  {
    file: 'index',
    type: 'FailResult',
    heads: ['What every call fails with', '各接口失败时返回'],
    of: ['[errors.md](errors.md)', '[errors.md](errors.md)'],
  },
  { file: 'index', type: 'PromptRequest', heads: ['What a `prompt` function gets', '`prompt` 函数得到的内容'] },
  { file: 'index', type: 'NewKey', heads: ['The second argument of `onKeyCreated`', '`onKeyCreated` 的第二个参数'] },
  { file: 'index', type: 'ForgetOptions', heads: ['The second argument of `forgetKey`', '`forgetKey` 的第二个参数'] },
  { file: 'emulator', heads: ['`wx-soter/emulator`', '`wx-soter/emulator`'] },
  { file: 'emulator', type: 'EmulatorSettings', heads: ['`createEmulator(settings)`', '`createEmulator(settings)`'] },
  { file: 'emulator', type: 'Emulator', heads: ['What it gives', '它返回的设备'] },
  { file: 'emulator', type: 'UserRequest', heads: ['What a `user` function gets', '`user` 函数得到的内容'] },
  { file: 'server', heads: ['`wx-soter/server`', '`wx-soter/server`'] },
  { file: 'server', type: 'Expected', heads: ['Options of all three', '三个函数共有的选项'] },
  { file: 'server', type: 'RegistrationOptions', heads: ['Options of `verifyRegistration`', '`verifyRegistration` 的选项'] },
  {
    file: 'server',
    type: 'ResultOptions',
    heads: ['Options of `verifyResult` and `verifyAssertion`', '`verifyResult` 和 `verifyAssertion` 的选项'],
  },
  { file: 'server', type: 'StoredKey', heads: ['A key, as you store it', '密钥（保存用）'] },
  {
    file: 'server',
    type: 'VerifiedRegistration',
    heads: ['What `verifyRegistration` resolves with', '`verifyRegistration` 的结果'],
  },
  { file: 'server', type: 'VerifiedResult', heads: ['What the other two resolve with', '另外两个函数的结果'] },
  { file: 'server', type: 'VerificationError', heads: ['`VerificationError`', '`VerificationError`'] },
];

/**
 * The reference in a language.
 *
 * @param {number} language 0 is English, 1 is Chinese
 */
export const reference = async language => {
  /** @param {string} text */
  const say = text => {
    if (language === 0 || !text) return text;
    if (!CHINESE[text]) throw new Error(`reference-words.mjs has no Chinese for: ${text}`);
    return CHINESE[text];
  };
  /** @param {string} text */
  const cell = text => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
  const parts = [];
  for (const { file, type, heads, of } of SECTIONS) {
    const rows = type
      ? (await membersOf(file, type)).map(({ name, type, text }) => [
          `\`${name}\``,
          type ? `\`${cell(type.trim())}\`` : '',
          cell(say(text)),
        ])
      : (await exportsOf(file)).map(({ name, text }) => [`\`${name}\``, cell(say(text))]);
    parts.push(`${type ? '###' : '##'} ${heads[language]}`);
    if (of) parts.push(of[language]);
    parts.push(table([type ? ['', '', ''] : ['', ''], ...rows]));
  }
  const actions = (await unionOf('emulator', 'UserAction')).map(each => `\`'${each}'\``);
  parts.push(`### ${language === 0 ? 'What `user` may be' : '`user` 的取值'}`, actions.join(language === 0 ? ', ' : '、'));
  return parts.join('\n\n');
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
    all.push({ file: `${folder}/reference.md`, name: 'reference', markdown: await reference(language) });
  }
  const { errors } = await errorTables(0);
  // In the package there is no other file to lead to.
  all.push({ file: 'pkg/README.md', name: 'errors', markdown: errors.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1') });
  return all;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { file, name, markdown } of await made()) writeTable(file, name, markdown);
}
