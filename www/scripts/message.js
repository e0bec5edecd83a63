/** @import { FailResult } from '../../pkg/types/index.js' */
import { element } from './element.js';
import { icon } from './icons.js';

/**
 * A sign, a title and, where there is more to say, a sentence.
 *
 * @param {'good' | 'warn' | 'bad'} tone
 * @param {string[]} said title and sentence
 * @param {(Node | undefined)[]} more
 */
export function message(tone, [title, text], ...more) {
  const sentence = text ? element('p', { class: 'text' }, text) : undefined;
  const words = element('div', {}, element('p', { class: 'title' }, title), sentence, ...more);
  return element('div', { class: `message ${tone}` }, element('span', { class: 'sign' }, icon(tone)), words);
}

/**
 * What a failure says of itself, for developers.
 *
 * @param {FailResult} failure
 */
export function failureCodes({ errCode, errMsg, reason, detail = errMsg }) {
  const codes = element('p', { class: 'codes' }, element('code', {}, `errCode ${errCode}`), element('code', {}, reason ?? ''));
  return [codes, element('p', { class: 'detail' }, detail)];
}
