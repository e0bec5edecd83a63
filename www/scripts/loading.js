// Shows how wx-soter came into this page: its files and the first call, in the order in which things happened.

import { byId } from './by-id.js';
import { element } from './element.js';
import { words } from './language.js';
import { FILE, FOLDER, isByLoader, otherWay } from './way-in.js';

/** @typedef {'callsThere' | 'firstCall' | 'firstAnswer'} Moment its name in `words()` */

/**
 * When something happened for the first time, in milliseconds since the page began.
 *
 * @type {Map<Moment, number>}
 */
const moments = new Map();

/**
 * Notes that this happens now, if it has not before.
 *
 * @param {Moment} name
 */
export function note(name) {
  if (moments.has(name)) return;
  moments.set(name, performance.now());
  showLoading();
}

export function startLoading() {
  byId('loading-tag').textContent = `<script src="${FILE}"></script>`;
  document.addEventListener('words', showLoading);
  new PerformanceObserver(showLoading).observe({ type: 'resource' });
  showLoading();
}

function showLoading() {
  byId('loading-way').textContent = isByLoader ? words().byLoader : words().byFile;
  byId('other-way').textContent = isByLoader ? words().tryFile : words().tryLoader;
  byId('other-way', HTMLAnchorElement).href = otherWay();
  const rows = [...files(), ...[...moments].map(([name, at]) => ({ at, what: [moment(name)] }))].sort((a, b) => a.at - b.at);
  byId('loading').replaceChildren(...rows.map(({ at, what }) => element('li', {}, time(at), ...what)));
}

/** wx-soter's files that were fetched so far: when they were asked for, and how large they are. */
const files = () =>
  /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType('resource'))
    .filter(({ name }) => name.startsWith(FOLDER))
    .map(({ name, startTime, decodedBodySize }) => ({
      at: startTime,
      what: [
        element('code', {}, name.slice(FOLDER.length).replace(/\?.*/, '')),
        element('span', { class: 'size' }, `${Math.round(decodedBodySize / 1024)} KB`),
      ],
    }));

/** @param {Moment} name */
const moment = name => element('span', { class: 'moment' }, words()[name]);

/** @param {number} at in milliseconds */
const time = at => element('span', { class: 'at' }, `${Math.round(at)} ms`);
