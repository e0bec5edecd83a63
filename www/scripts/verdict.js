// What the server says: to the result, and to spoiled copies of it.

import { otherThan } from './accounts.js';
import { element } from './element.js';
import { isEmulating } from './emulator.js';
import { explainRefusal, words } from './language.js';
import { message } from './message.js';
import { hasServer, verify } from './server.js';
import { cheats } from './spoil.js';

const byId = id => document.getElementById(id);
const place = byId('verdict');
const reply = byId('cheat-answer');
let shown = () => {};
let shownReply = () => {};
let accepted;
let acceptedOf;
let startAgain = () => {};
let latest;

/** Shows the card as it is before a result. `again` is what a person gets whose key the server does not know. */
export function placeVerdict(again) {
  startAgain = again;
  byId('verdict-card').hidden = false;
  clearVerdict();
}

export function clearVerdict() {
  latest = undefined;
  show(() => [hint(hasServer() ? words().verdictToCome : words().noServer)]);
}

/** Has the server check how a start of the account ended, and shows what it says. */
export async function showVerdict({ ok, answer }, account) {
  if (!ok || !hasServer()) return;
  if (!answer.resultJSON) {
    show(() => [hint(words().nothingToCheck)]);
    return;
  }
  const emulated = isEmulating();
  const asked = (latest = {});
  show(() => [hint(words().serverChecks)]);
  const verdict = await verify(answer, account).catch(() => undefined);
  // Another start may have begun meanwhile.
  if (asked !== latest) return;
  acceptedOf = account;
  show(() => [verdictMessage(verdict, emulated)], verdict?.ok ? answer : undefined);
}

async function cheat(name) {
  const asked = (latest = {});
  const sender = name === 'account' ? otherThan(acceptedOf) : acceptedOf;
  const verdict = await verify(cheats[name](accepted), sender).catch(() => undefined);
  if (asked !== latest) return;
  shownReply = () => reply.replaceChildren(cheatMessage(name, verdict));
  shownReply();
  reply.scrollIntoView({ block: 'nearest' });
}

function show(content, result) {
  accepted = result;
  byId('cheats').hidden = !result;
  shownReply = () => reply.replaceChildren();
  shown = () => place.replaceChildren(...content());
  shown();
  shownReply();
}

function verdictMessage(verdict, emulated) {
  if (!verdict) return message('bad', ...words().serverSilent);
  if (verdict.ok && emulated) return message('warn', ...words().acceptedEmulated, codes(verdict));
  if (verdict.ok) return message('good', ...words().accepted, codes(verdict));
  if (verdict.reason === 'credential-unknown') return message('warn', ...words().keyUnknown, codes(verdict), againButton());
  return message('bad', words().refused, explainRefusal(verdict.reason), codes(verdict));
}

function cheatMessage(name, verdict) {
  if (!verdict) return message('bad', ...words().serverSilent);
  // Then there is a bug in the server, and nothing else matters.
  if (verdict.ok) return message('bad', ...words().cheated, codes(verdict));
  return message('bad', words().cheatRefused[name], explainRefusal(verdict.reason), codes(verdict));
}

function againButton() {
  const button = element('button', { type: 'button' }, words().startAgain);
  button.addEventListener('click', () => startAgain());
  return element('p', { class: 'again' }, button);
}

function codes({ ok, reason }) {
  const parts = [`is_ok: ${ok}`, ...(reason ? [reason] : [])];
  return element('p', { class: 'codes' }, ...parts.map(part => element('code', {}, part)));
}

const hint = text => element('p', { class: 'hint' }, text);

for (const button of byId('cheats').querySelectorAll('[data-cheat]')) {
  button.addEventListener('click', () => cheat(button.dataset.cheat));
}
document.addEventListener('words', () => {
  shown();
  shownReply();
});
