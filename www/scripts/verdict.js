// What the server says: to the result, and to spoiled copies of it.

/** @import { StartResult } from '../../pkg/types/index.js' */
/** @import { Account } from './accounts.js' */
/** @import { EndOf } from './calls.js' */
/** @import { Place } from './device.js' */
/** @import { Verdict } from './server.js' */
/** @import { Cheat } from './spoil.js' */
import { otherThan } from './accounts.js';
import { byId } from './by-id.js';
import { element } from './element.js';
import { explainRefusal, words } from './language.js';
import { message } from './message.js';
import { hasServer, verify } from './server.js';
import { cheats } from './spoil.js';

const place = byId('verdict');
const reply = byId('cheat-answer');
let shown = () => {};
let shownReply = () => {};
/** @typedef {{ answer: StartResult, account: Account }} Accepted */

/** @type {Accepted | undefined} */
let accepted;
let startAgain = () => {};
/** @type {object | undefined} */
let latest;

/**
 * Shows the card as it is before a result.
 *
 * @param {() => void} again what a person gets whose key the server does not know
 */
export function placeVerdict(again) {
  startAgain = again;
  byId('verdict-card').hidden = false;
  clearVerdict();
}

export function clearVerdict() {
  latest = undefined;
  show(() => [hint(hasServer() ? words().verdictToCome : words().noServer)]);
}

/**
 * Has the server check how a start ended, and shows what it says.
 *
 * @param {EndOf<'startSoterAuthentication'>} ended
 * @param {Place} place whose start it was
 */
export async function showVerdict({ ok, answer }, { account, isEmulated }) {
  if (!ok || !hasServer()) return;
  if (!answer.resultJSON) {
    show(() => [hint(words().nothingToCheck)]);
    return;
  }
  const asked = (latest = {});
  show(() => [hint(words().serverChecks)]);
  const verdict = await verify(answer, account).catch(() => undefined);
  // Another start may have begun meanwhile.
  if (asked !== latest) return;
  show(() => [verdictMessage(verdict, isEmulated)], verdict?.ok ? { answer, account } : undefined);
}

/** @param {Cheat} name */
async function cheat(name) {
  // Without a result that was accepted there are no buttons.
  if (!accepted) return;
  const { answer, account } = accepted;
  const asked = (latest = {});
  const sender = name === 'account' ? otherThan(account) : account;
  const verdict = await verify(cheats[name](answer), sender).catch(() => undefined);
  if (asked !== latest) return;
  shownReply = () => reply.replaceChildren(cheatMessage(name, verdict));
  shownReply();
  reply.scrollIntoView({ block: 'nearest' });
}

/**
 * @param {() => Node[]} content
 * @param {Accepted} [result]
 */
function show(content, result) {
  accepted = result;
  byId('cheats').hidden = !result;
  shownReply = () => reply.replaceChildren();
  shown = () => place.replaceChildren(...content());
  shown();
  shownReply();
}

/**
 * @param {Verdict | undefined} verdict
 * @param {boolean} emulated
 */
function verdictMessage(verdict, emulated) {
  if (!verdict) return message('bad', words().serverSilent);
  if (verdict.ok && emulated) return message('warn', words().acceptedEmulated, codes(verdict));
  if (verdict.ok) return message('good', words().accepted, codes(verdict));
  if (verdict.reason === 'credential-unknown') return message('warn', words().keyUnknown, codes(verdict), againButton());
  return message('bad', [words().refused, explainRefusal(verdict.reason)], codes(verdict));
}

/**
 * @param {Cheat} name
 * @param {Verdict | undefined} verdict
 */
function cheatMessage(name, verdict) {
  if (!verdict) return message('bad', words().serverSilent);
  // Then there is a bug in the server, and nothing else matters.
  if (verdict.ok) return message('bad', words().cheated, codes(verdict));
  return message('bad', [words().cheatRefused[name], explainRefusal(verdict.reason)], codes(verdict));
}

function againButton() {
  const button = element('button', { type: 'button' }, words().startAgain);
  button.addEventListener('click', () => startAgain());
  return element('p', { class: 'again' }, button);
}

/** @param {Verdict} verdict */
function codes({ ok, reason }) {
  const parts = [`is_ok: ${ok}`, ...(reason ? [reason] : [])];
  return element('p', { class: 'codes' }, ...parts.map(part => element('code', {}, part)));
}

/** @param {string} text */
const hint = text => element('p', { class: 'hint' }, text);

/** @type {NodeListOf<HTMLElement>} */
const buttons = byId('cheats').querySelectorAll('[data-cheat]');
for (const button of buttons) {
  button.addEventListener('click', () => cheat(/** @type {Cheat} */ (button.dataset.cheat)));
}
document.addEventListener('words', () => {
  shown();
  shownReply();
});
