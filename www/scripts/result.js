import { FLAG_BITS, isChallengeOf, takeApart } from './assertion.js';
import { copyButton } from './copy.js';
import { element } from './element.js';
import { icon } from './icons.js';
import { words } from './language.js';

const place = document.getElementById('result');
const BITS = ['ED', 'AT', '', 'BS', 'BE', 'UV', '', 'UP'];
let shown = () => place.replaceChildren(element('div', { class: 'nothing' }, icon('finger'), element('p', {}, words().noResult)));

/** Shows the answer of `startSoterAuthentication`, a success or a failure. */
export function showResult({ ok, answer }) {
  shown = () => place.replaceChildren(...(ok ? success(answer) : failure(answer)));
  shown();
}

document.addEventListener('words', () => shown());

function failure({ errCode, errMsg, reason, detail }) {
  const rows = [row('errCode', errCode), row('errMsg', errMsg), row('reason', reason)];
  if (detail) rows.push(row('detail', detail));
  return [part(words().whatFailed, list(rows))];
}

function success(answer) {
  const said = [row('errCode', answer.errCode), row('errMsg', answer.errMsg), row('authMode', answer.authMode)];
  if (!answer.resultJSON) return [part(words().theCall, list(said)), element('p', { class: 'hint' }, words().nothingSigned)];
  const apart = takeApart(answer);
  return [
    part(words().theCall, list([...said, ...signedFields(apart)])),
    part(words().flags, flagNames(apart.flags), flagByte(apart.flags)),
    part(words().clientData, list(clientFields(apart))),
    part(
      words().signature,
      list([row('resultJSONSignature', `${answer.resultJSONSignature}`, words().bytes(apart.signature.length))]),
    ),
    element('p', { class: 'hint' }, words().verifiable),
    actions(answer),
  ];
}

function signedFields({ result, counter }) {
  return [
    row('raw', result.raw),
    row('counter', result.counter, counter === 0 ? words().noCounter : undefined),
    row('uid', result.uid),
    row('cpu_id', result.cpu_id),
  ];
}

function clientFields(apart) {
  const { type, origin } = apart.clientData;
  return [
    row('type', type),
    row('origin', origin),
    row(words().signedChallenge, isChallengeOf(apart) ? words().challengeMatches : words().challengeDiffers),
    row('rpIdHash', apart.relyingPartyHash),
  ];
}

function flagNames(flags) {
  const items = Object.entries(FLAG_BITS).map(([name, bit]) => {
    const set = Boolean(flags & (1 << bit));
    const state = element('span', { class: 'unseen' }, `: ${set ? words().yes : words().no}`);
    return element('li', { class: set ? 'set' : 'unset' }, icon(set ? 'good' : 'off'), words().flagNames[name], state);
  });
  return element('ul', { class: 'flags' }, ...items);
}

function flagByte(flags) {
  const cells = BITS.map((name, index) => {
    const set = Boolean(flags & (0x80 >> index));
    return element('span', { class: set ? 'set' : 'unset' }, element('b', {}, set ? '1' : '0'), name || '–');
  });
  const hex = `0x${flags.toString(16).padStart(2, '0')}`;
  return element(
    'div',
    { class: 'byte', role: 'img', 'aria-label': `${words().flagsHint}: ${hex}` },
    ...cells,
    element('code', {}, hex),
  );
}

function actions(answer) {
  const { toAuthenticationResponse } = globalThis.WxSoter;
  return element(
    'div',
    { class: 'actions' },
    copyButton(words().copyResult, () => JSON.stringify(answer, null, 2)),
    toAuthenticationResponse && copyButton(words().copyResponse, () => JSON.stringify(toAuthenticationResponse(answer), null, 2)),
  );
}

function part(title, ...children) {
  return element('div', { class: 'part' }, element('h3', {}, title), ...children);
}

function list(rows) {
  return element('dl', { class: 'fields' }, ...rows);
}

function row(name, value, note) {
  const remark = note && element('span', { class: 'note' }, note);
  return element('div', {}, element('dt', {}, name), element('dd', {}, element('code', {}, String(value)), remark));
}
