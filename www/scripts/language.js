// English and Chinese. The English of what stands in the page is in the page itself, so that it can be read without scripts.

import * as en from './words/en.js';
import * as zh from './words/zh.js';

const english = new Map();
let current = en;

/** The words of the present language. */
export const words = () => current;

/** What to say about the `reason` of a failure: a short title, and what to do. */
export function explain(reason) {
  const [title, advice] = current.reasons[reason] ?? current.reasons.internal;
  return { title, advice };
}

/** What to say about the `reason` for which the server refused. */
export const explainRefusal = reason => current.refusals[reason] ?? current.refusals.other;

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

function setLanguage(tag) {
  current = tag === 'en' ? en : zh;
  // The prompt of wx-soter speaks the language of the page.
  document.documentElement.lang = tag;
  for (const place of document.querySelectorAll('[data-label]')) {
    if (!english.has(place)) english.set(place, place.textContent);
    place.textContent = (current === zh && zh.labels[place.dataset.label]) || english.get(place);
  }
  document.title = current.title;
  const other = document.getElementById('language');
  other.textContent = current.otherLanguage;
  other.lang = tag === 'en' ? 'zh-CN' : 'en';
  document.dispatchEvent(new Event('words'));
}
