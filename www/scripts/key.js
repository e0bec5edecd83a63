// The key of who is logged in, and what comes of it when it is forgotten: by this page, or by its server.

import { nameOf } from './accounts.js';
import { forgetKey, keyOf } from './device.js';
import { element } from './element.js';
import { icon } from './icons.js';
import { explain, words } from './language.js';
import { forgetAtServer, hasServer } from './server.js';

const byId = id => document.getElementById(id);
const place = byId('key');
let currentCalls = () => undefined;
let said = () => '';

/** `current()` gives the calls of who is logged in. */
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
  byId('forgotten').textContent = said();
}

/** Takes away what was said when a key was forgotten. */
export function clearForgotten() {
  said = () => '';
  showKey();
}

async function forgetHere() {
  const calls = currentCalls();
  const name = nameOf(calls.account);
  try {
    const wasRemembered = await forgetKey(calls);
    said = () => (wasRemembered ? words().forgotten(name, hasServer()) : words().nothingToForget(name));
  } catch (error) {
    said = () => explain(error.reason).title;
  }
  showKey();
}

async function forgetThere() {
  const { account } = currentCalls();
  const name = nameOf(account);
  try {
    const wasKnown = await forgetAtServer(account);
    said = () => (wasKnown ? words().forgottenAtServer(name) : words().unknownToServer(name));
  } catch {
    said = () => words().serverSilent.join('. ');
  }
  showKey();
}
