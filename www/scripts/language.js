// English and Chinese. The English of what stands in the page is in the page itself, so that it can be read without scripts.

/** @import { Reason } from '../../pkg/types/index.js' */
import { byId } from './by-id.js';
import * as en from './words/en.js';
import * as zh from './words/zh.js';

/**
 * The same in each language.
 *
 * @typedef {{ [Name in keyof typeof en]: (typeof en)[Name] extends string ? string : (typeof en)[Name] }} Words
 */

/** @type {Map<Element, string | null>} */
const english = new Map();
/** @type {Words} */
let current = en;

/** The words of the present language. */
export const words = () => current;

/**
 * What to say about the `reason` of a failure: a short title, and what to do.
 *
 * @param {Reason | 'not-loaded'} reason
 */
export function explain(reason) {
  return current.reasons[reason] ?? current.reasons.internal;
}

/**
 * What to say about the `reason` for which the server refused.
 *
 * @param {string | undefined} reason
 */
export const explainRefusal = reason => current.refusals[reason ?? 'other'] ?? current.refusals.other;

/** `?lang=` in the address, or else what the browser prefers. */
export function startLanguage() {
  const wanted = new URLSearchParams(location.search).get('lang') ?? navigator.language;
  setLanguage(/^zh\b/i.test(wanted) ? 'zh-CN' : 'en');
}

/** Goes to the other language, and keeps it in the address. */
export function switchLanguage() {
  const tag = current === en ? 'zh-CN' : 'en';
  const address = new URL(location.href);
  address.searchParams.set('lang', tag);
  history.replaceState(null, '', address);
  setLanguage(tag);
}

/** @param {'en' | 'zh-CN'} tag */
function setLanguage(tag) {
  current = tag === 'en' ? en : zh;
  // The prompt of wx-soter speaks the language of the page.
  document.documentElement.lang = tag;
  /** @type {NodeListOf<HTMLElement>} */
  const places = document.querySelectorAll('[data-label]');
  for (const place of places) {
    if (!english.has(place)) english.set(place, place.textContent);
    const chinese = zh.labels[place.dataset.label ?? ''];
    place.textContent = (tag === 'zh-CN' && chinese) || (english.get(place) ?? '');
  }
  document.title = current.title;
  const other = byId('language');
  other.textContent = current.otherLanguage;
  other.lang = tag === 'en' ? 'zh-CN' : 'en';
  document.dispatchEvent(new Event('words'));
}
