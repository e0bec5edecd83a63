/** @import { AnswersBy, CallName } from './calls.js' */
/** @import { Calls } from './device.js' */
import { byId } from './by-id.js';
import { copyButton } from './copy.js';
import { element } from './element.js';
import { words } from './language.js';

const place = byId('snippet');
const actions = byId('snippet-actions');
const TOKENS = /(\/\*.*?\*\/|'(?:[^'\\]|\\.)*')/;

/**
 * Shows the code of a call, ready to copy.
 *
 * @param {CallName} name
 * @param {object} options
 * @param {Calls} calls
 * @param {AnswersBy} answersBy
 */
export function showSnippet(name, options, calls, answersBy) {
  const code = write(name, options, calls, answersBy);
  place.replaceChildren(...code.split(TOKENS).map(coloured));
  actions.replaceChildren(copyButton(words().copyCode, () => code) ?? '');
}

/** @param {string} text */
function coloured(text) {
  if (text.startsWith('/*')) return element('span', { class: 'comment' }, text);
  return text.startsWith("'") ? element('span', { class: 'string' }, text) : text;
}

/**
 * @param {CallName} name
 * @param {object} options
 * @param {Calls} calls
 * @param {AnswersBy} answersBy
 */
function write(name, options, calls, answersBy) {
  const made = maker(calls);
  if (answersBy === 'promise') {
    const given = Object.keys(options).length ? block(entries(options), '    ', '  ') : '';
    return `${made}try {\n  const res = await wx.${name}(${given});\n  console.log(res);\n} catch (error) {\n  console.log(error.errCode, error.reason);\n}\n`;
  }
  const lines = [
    ...entries(options),
    'success: (res) => console.log(res)',
    'fail: (res) => console.log(res.errCode, res.reason)',
    'complete: (res) => console.log(res.errMsg)',
  ];
  return `${made}wx.${name}(${block(lines, '  ', '')});\n`;
}

/**
 * Where the calls come from.
 *
 * @param {Calls} calls
 */
function maker({ isEmulated, settings }) {
  const given = block(entries(settings), '  ', '');
  if (isEmulated) return `import { createEmulator } from 'wx-soter/emulator';\n\nconst { wx } = createEmulator(${given});\n\n`;
  return Object.keys(settings).length ? `const wx = WxSoter.createWx(${given});\n\n` : '';
}

/** @type {(object: object) => string[]} */
const entries = object => Object.entries(object).map(([key, value]) => `${key}: ${literal(value)}`);

/**
 * @param {string[]} lines
 * @param {string} indent
 * @param {string} end
 */
function block(lines, indent, end) {
  return `{\n${lines.map(line => `${indent}${line},\n`).join('')}${end}}`;
}

/**
 * JavaScript as people write it.
 *
 * @param {unknown} value
 * @returns {string}
 */
function literal(value) {
  if (typeof value === 'function') return `${value.name} /* your own function */`;
  if (typeof value === 'string') return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || !value) return String(value);
  return `{ ${entries(value).join(', ')} }`;
}
