// The key of who is logged in, and what comes of it when it is forgotten: by this page, or by its server.

/** @import { FailResult } from '../../pkg/types/index.js' */
/** @import { Calls } from './device.js' */
import { nameOf } from './accounts.js';
import { byId } from './by-id.js';
import { forgetKey, isSamePlace, keyOf } from './device.js';
import { element } from './element.js';
import { icon } from './icons.js';
import { explain, words } from './language.js';
import { message } from './message.js';
import { forgetAtServer, hasServer } from './server.js';

const place = byId('key');
/** @type {() => Calls | undefined} */
let currentCalls = () => undefined;
/** @type {() => string | Node} */
let said = () => '';

/** @param {() => Calls | undefined} current gives the calls of who is logged in */
export function startKey(current) {
  currentCalls = current;
  byId('forget-at-server').hidden = !hasServer();
  byId('forget').addEventListener('click', forgetHere);
  byId('forget-at-server').addEventListener('click', forgetThere);
  document.addEventListener('words', showKey);
  // Another tab has made a key, or forgotten one.
  addEventListener('storage', showKey);
}

/** Shows which key the account has on this device. */
export function showKey() {
  const calls = currentCalls();
  if (!calls) return;
  const id = keyOf(calls);
  const name = nameOf(calls.account);
  place.classList.toggle('kept', id !== undefined);
  if (id === undefined) place.replaceChildren(icon('key'), element('span', {}, words().noKey(name)));
  else place.replaceChildren(icon('key'), element('span', {}, words().keyHere(name)), element('code', {}, id));
  byId('forgotten').replaceChildren(said());
}

/** Takes away what was said when a key was forgotten. */
export function clearForgotten() {
  said = () => '';
  showKey();
}

/**
 * Says what came of it, unless somebody else has logged in meanwhile, or another device has come.
 *
 * @param {Calls} calls whose key it was
 * @param {() => string | Node} words
 */
function say(calls, words) {
  const now = currentCalls();
  if (now && isSamePlace(calls, now)) said = words;
  showKey();
}

async function forgetHere() {
  const calls = currentCalls();
  if (!calls) return;
  const name = nameOf(calls.account);
  try {
    const wasRemembered = await forgetKey(calls);
    say(calls, () => (wasRemembered ? words().forgotten(name, hasServer()) : words().nothingToForget(name)));
  } catch (error) {
    const { reason, message: words, detail = words } = /** @type {FailResult & Error} */ (error);
    say(calls, () => message('bad', explain(reason), element('p', { class: 'detail' }, detail)));
  }
}

async function forgetThere() {
  const calls = currentCalls();
  if (!calls) return;
  const name = nameOf(calls.account);
  try {
    const wasKnown = await forgetAtServer(calls.account);
    say(calls, () => (wasKnown ? words().forgottenAtServer(name) : words().unknownToServer(name)));
  } catch {
    say(calls, () => message('bad', words().serverSilent));
  }
}
