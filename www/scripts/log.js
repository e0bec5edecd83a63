/** @import { Answer, Report } from './calls.js' */
import { byId } from './by-id.js';
import { duration } from './duration.js';
import { element } from './element.js';
import { words } from './language.js';

const MAX_CALLS = 40;
const list = byId('log');
const GOOD = new Set(['success', 'resolved']);
const BAD = new Set(['fail', 'rejected']);

/**
 * Adds a call to the log, newest on top, and gives the function that adds what comes back from it.
 *
 * @param {string} name
 * @param {object} options
 * @returns {(report: Report) => void}
 */
export function logCall(name, options) {
  const events = element('ol', { class: 'events' });
  const time = element('time', {}, new Date().toLocaleTimeString('en-GB'));
  const title = element('p', { class: 'call-name' }, element('code', {}, name), time);
  const given = Object.keys(options).length ? json(options, element('code', {}, Object.keys(options).join(', '))) : undefined;
  list.prepend(element('li', {}, title, given, events));
  while (list.children.length > MAX_CALLS) list.lastChild?.remove();

  /** @type {Answer | undefined} */
  let previous;
  return ({ kind, answer, ms }) => {
    const tone = GOOD.has(kind) ? ' good' : BAD.has(kind) ? ' bad' : '';
    const head = [
      element('span', { class: `badge${tone}` }, kind),
      element('span', { class: 'ms' }, `+${duration(ms)}`),
      note(answer, previous),
    ];
    const isNew = answer && answer !== previous;
    events.append(element('li', {}, isNew ? json({ ...answer }, ...head) : element('p', { class: 'event' }, ...head)));
    previous = answer;
  };
}

/** Empties the log. */
export const clearLog = () => list.replaceChildren();

/**
 * @param {Answer | undefined} answer
 * @param {Answer | undefined} previous
 */
function note(answer, previous) {
  if (!answer) return element('span', {}, words().returned);
  if (answer === previous) return element('span', {}, words().sameObject);
  if (answer.errCode === 0) return element('code', {}, 'errCode 0');
  return element('code', { class: 'whole' }, `${answer.errCode} ${answer.errMsg}`);
}

/**
 * @param {object} value
 * @param {(Node | string)[]} summary
 */
function json(value, ...summary) {
  return element(
    'details',
    {},
    element('summary', {}, ...summary),
    element('pre', { tabindex: '0' }, JSON.stringify(value, null, 2)),
  );
}
