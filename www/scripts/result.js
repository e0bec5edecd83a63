/** @import { StartFailResult, StartResult } from '../../pkg/types/index.js' */
/** @import { Apart } from './assertion.js' */
/** @import { EndOf } from './calls.js' */
import { FLAG_BITS, isChallengeOf, takeApart } from './assertion.js';
import { byId } from './by-id.js';
import { copyButton } from './copy.js';
import { element } from './element.js';
import { icon } from './icons.js';
import { words } from './language.js';

const place = byId('result');
const BITS = ['ED', 'AT', '', 'BS', 'BE', 'UV', '', 'UP'];
const nothing = () =>
  place.replaceChildren(element('div', { class: 'nothing' }, icon('finger'), element('p', {}, words().noResult)));
let shown = nothing;

/**
 * Shows the answer of `startSoterAuthentication`, a success or a failure.
 *
 * @param {EndOf<'startSoterAuthentication'>} ended
 */
export function showResult({ ok, answer }) {
  shown = () => place.replaceChildren(...(ok ? success(answer) : failure(answer)));
  shown();
}

export function clearResult() {
  shown = nothing;
  shown();
}

document.addEventListener('words', () => shown());

/** @param {StartFailResult} answer */
function failure({ errCode, errMsg, reason, detail }) {
  const rows = [row('errCode', errCode), row('errMsg', errMsg), row('reason', reason)];
  if (detail) rows.push(row('detail', detail));
  return [part(words().whatFailed, list(rows))];
}

/** @param {StartResult} answer */
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

/** @param {Apart} apart */
function signedFields({ result, counter }) {
  return [
    row('raw', result.raw),
    row('counter', result.counter, counter === 0 ? words().noCounter : undefined),
    row('uid', result.uid),
    row('cpu_id', result.cpu_id),
  ];
}

/** @param {Apart} apart */
function clientFields(apart) {
  const { type, origin } = apart.clientData;
  return [
    row('type', type),
    row('origin', origin),
    row(words().signedChallenge, isChallengeOf(apart) ? words().challengeMatches : words().challengeDiffers),
    row('rpIdHash', apart.relyingPartyHash),
  ];
}

/** @param {number} flags */
function flagNames(flags) {
  const names = /** @type {(keyof typeof FLAG_BITS)[]} */ (Object.keys(FLAG_BITS));
  const items = names.map(name => {
    const set = Boolean(flags & (1 << FLAG_BITS[name]));
    const state = element('span', { class: 'unseen' }, `: ${set ? words().yes : words().no}`);
    return element('li', { class: set ? 'set' : 'unset' }, icon(set ? 'good' : 'off'), words().flagNames[name], state);
  });
  return element('ul', { class: 'flags' }, ...items);
}

/** @param {number} flags */
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

/** @param {StartResult} answer */
function actions(answer) {
  const { toAuthenticationResponse } = globalThis.WxSoter;
  return element(
    'div',
    { class: 'actions' },
    copyButton(words().copyResult, () => JSON.stringify(answer, null, 2)),
    copyButton(words().copyResponse, () => JSON.stringify(toAuthenticationResponse(answer), null, 2)),
  );
}

/**
 * @param {string} title
 * @param {(Node | string)[]} children
 */
function part(title, ...children) {
  return element('div', { class: 'part' }, element('h3', {}, title), ...children);
}

/** @param {Node[]} rows */
function list(rows) {
  return element('dl', { class: 'fields' }, ...rows);
}

/**
 * @param {string} name
 * @param {string | number} value
 * @param {string} [note]
 */
function row(name, value, note) {
  const remark = note ? element('span', { class: 'note' }, note) : undefined;
  return element('div', {}, element('dt', {}, name), element('dd', {}, element('code', {}, String(value)), remark));
}
