// Shows how wx-soter came into this page: its files and the first call, in the order in which things happened.

import { element } from './element.js';
import { words } from './language.js';
import { FILE, FOLDER, isByLoader, otherWay } from './way-in.js';

const byId = id => document.getElementById(id);
/** When something happened for the first time, in milliseconds since the page began, by its name in `words()`. */
const moments = new Map();

/** Notes that this happens now, if it has not before. */
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
  byId('other-way').href = otherWay();
  const rows = [...files(), ...[...moments].map(([name, at]) => ({ at, name }))].sort((a, b) => a.at - b.at);
  byId('loading').replaceChildren(...rows.map(row));
}

/** wx-soter's files that were fetched so far: when they were asked for, and how large they are. */
const files = () =>
  performance
    .getEntriesByType('resource')
    .filter(({ name }) => name.startsWith(FOLDER))
    .map(({ name, startTime, decodedBodySize }) => ({
      at: startTime,
      file: name.slice(FOLDER.length).replace(/\?.*/, ''),
      size: decodedBodySize,
    }));

function row({ at, file, size, name }) {
  const time = element('span', { class: 'at' }, `${Math.round(at)} ms`);
  if (name) return element('li', {}, time, element('span', { class: 'moment' }, words()[name]));
  return element('li', {}, time, element('code', {}, file), element('span', { class: 'size' }, `${Math.round(size / 1024)} KB`));
}
