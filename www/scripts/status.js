/** @import { Settings } from '../../pkg/types/index.js' */
/** @import { EmulatorSettings } from '../../pkg/types/emulator.js' */
/** @import { EndOf } from './calls.js' */
/** @import { Calls } from './device.js' */
import { byId } from './by-id.js';
import { element } from './element.js';
import { icon } from './icons.js';
import { explain, words } from './language.js';
import { failureCodes, message } from './message.js';

const UNSUPPORTED = 90001;
const place = byId('status');
let shown = () => {};

/** @typedef {EndOf<'checkIsSupportSoterAuthentication'>} Support */
/** @typedef {EndOf<'checkIsSoterEnrolledInDevice'>} Enrolled */

/**
 * Shows what the two checks found: how each of them ended.
 *
 * @param {Support} support
 * @param {Enrolled} enrolled
 * @param {Calls} calls those that did
 */
export function showStatus(support, enrolled, { isEmulated, settings }) {
  // A failure for another reason than the device or the page says nothing about them.
  const isTelling = [support, enrolled].every(({ ok, answer }) => ok || answer.errCode === UNSUPPORTED);
  shown = () => {
    place.replaceChildren(isEmulated ? emulatorVerdict(support, enrolled) : verdict(support, enrolled, settings));
    if (isTelling) place.append(facts(support, enrolled, isEmulated));
  };
  shown();
}

/** Shows that nothing can be called, since the script is not there. */
export function showNotLoaded() {
  shown = () => {
    place.replaceChildren(message('bad', explain('not-loaded')));
  };
  shown();
}

export function showChecking() {
  if (!place.querySelector('.message')) place.replaceChildren(element('p', { class: 'hint' }, words().checking));
}

document.addEventListener('words', () => shown());

/**
 * @param {Support} support
 * @param {Enrolled} enrolled
 */
function failureOf(support, enrolled) {
  if (!support.ok) return support.answer;
  return enrolled.ok ? undefined : enrolled.answer;
}

/**
 * @param {Support} support
 * @param {Enrolled} enrolled
 * @param {Settings | EmulatorSettings} settings
 */
function verdict(support, enrolled, settings) {
  const failure = failureOf(support, enrolled);
  if (failure) return message('bad', explain(failure.reason), ...failureCodes(failure));
  if (!support.answer.supportMode.length) return message('bad', words().unsupported);
  if (enrolled.answer.isEnrolled) return message('good', words().ready);
  if ('authenticators' in settings && settings.authenticators === 'any') return message('warn', words().othersMayAnswer);
  return message('warn', words().notSetUp);
}

/**
 * @param {Support} support
 * @param {Enrolled} enrolled
 */
function emulatorVerdict(support, enrolled) {
  const failure = failureOf(support, enrolled);
  if (failure) return message('bad', words().emulatorUnsupported, ...failureCodes(failure));
  return message('warn', enrolled.answer.isEnrolled ? words().emulatorReady : words().emulatorNotSetUp);
}

/**
 * @param {Support} support
 * @param {Enrolled} enrolled
 * @param {boolean} emulated
 */
function facts(support, enrolled, emulated) {
  const { securePage, webauthn, setUp, modesFound, noModes } = words();
  const modes = support.answer.supportMode ?? [];
  return element(
    'dl',
    { class: 'facts' },
    ...(emulated ? [] : [fact(securePage, isSecureContext), fact(webauthn, 'PublicKeyCredential' in globalThis)]),
    fact(setUp, enrolled.answer.isEnrolled === true),
    element(
      'div',
      {},
      element('dt', {}, modesFound),
      element('dd', {}, modes.length ? element('code', {}, modes.join(' ')) : noModes),
    ),
  );
}

/**
 * @param {string} name
 * @param {boolean} holds
 */
function fact(name, holds) {
  const { yes, no } = words();
  const answer = element(
    'dd',
    { class: holds ? 'good' : 'bad' },
    icon(holds ? 'good' : 'bad'),
    element('span', { class: 'unseen' }, holds ? yes : no),
  );
  return element('div', { class: 'fact' }, element('dt', {}, name), answer);
}
