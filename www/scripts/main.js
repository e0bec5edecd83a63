/** @import { Account } from './accounts.js' */
/** @import { CallName } from './calls.js' */
/** @import { Calls, Place } from './device.js' */
import { ACCOUNTS, currentAccount, nameOf, onAccount } from './accounts.js';
import { byId } from './by-id.js';
import { makeCall } from './calls.js';
import { isIssued, isStale, renewChallenge } from './challenge.js';
import { callsOf, forgetKey, isLoaded, isSamePlace } from './device.js';
import { closeSheet, onEmulator } from './emulator.js';
import { placeIcons } from './icons.js';
import { clearForgotten, showKey, startKey } from './key.js';
import { startLanguage, switchLanguage } from './language.js';
import { note, startLoading } from './loading.js';
import { clearLog, logCall } from './log.js';
import { followLanguage, readOptions, showLength } from './options.js';
import { clearOutcome, showOutcome } from './outcome.js';
import { clearResult, showResult } from './result.js';
import { findServer, hasServer } from './server.js';
import { answersBy, onSettings, readSettings } from './settings.js';
import { showSnippet } from './snippet.js';
import { showChecking, showNotLoaded, showStatus } from './status.js';
import { clearVerdict, placeVerdict, showVerdict } from './verdict.js';
import { loadScript } from './way-in.js';

const START = 'startSoterAuthentication';
const SUPPORT = 'checkIsSupportSoterAuthentication';
const ENROLLED = 'checkIsSoterEnrolledInDevice';

/**
 * The calls of each account, with the settings of now.
 *
 * @type {Map<Account, Calls>}
 */
let accounts = new Map();
/** @type {CallName} */
let shownCall = START;
/**
 * The starts that go on, each by whose it is.
 *
 * @type {Set<Place>}
 */
const open = new Set();
/**
 * Who pressed last, while a start waits for its challenge.
 *
 * @type {Place | undefined}
 */
let pressed;

/** The calls of who is logged in; they are there before anybody can press a button. */
const current = () => /** @type {Calls} */ (accounts.get(currentAccount()));

/**
 * Whether the page shows this account and this device. What came of another's call is in the log alone.
 *
 * @param {Place} place
 */
const isShown = place => isSamePlace(place, current());

const showBusy = () =>
  byId('start').setAttribute('aria-busy', String([...open, pressed].some(place => place !== undefined && isShown(place))));

/**
 * @template {CallName} Name
 * @param {Calls} calls
 * @param {Name} name
 * @param {object} [options]
 */
async function call({ wx }, name, options = readOptions(name)) {
  note('firstCall');
  const ended = await makeCall(wx, name, options, answersBy(), logCall(name, options));
  note('firstAnswer');
  return ended;
}

/** @param {CallName} [name] */
function showCode(name = shownCall) {
  shownCall = name;
  showSnippet(name, readOptions(name), current(), answersBy());
}

/** Asks both what is possible here, and tells the person in plain words. */
async function lookAround() {
  showChecking();
  const asked = accounts;
  const calls = current();
  const support = await call(calls, SUPPORT);
  // WeChat's rules demand a mode here; one that is there gives the answer that matters.
  const demanded = calls.settings.dialect === 'wechat' && support.answer.supportMode?.[0];
  const enrolled = await call(calls, ENROLLED, demanded ? { checkAuthMode: demanded } : undefined);
  if (asked === accounts) showStatus(support, enrolled, calls);
}

async function start() {
  clearOutcome();
  clearVerdict();
  clearForgotten();
  const isWaiting = pressed !== undefined;
  pressed = current();
  showBusy();
  // The start that waits goes on, for whoever pressed last.
  if (isWaiting) return;
  // With a challenge that is good nothing is awaited between the click and the call. Another renewal may get ahead of this one.
  for (let tries = 0; tries < 3 && isStale(currentAccount()); tries += 1) await renewChallenge(currentAccount());
  const calls = current();
  const isWanted = isSamePlace(pressed, calls);
  pressed = undefined;
  showBusy();
  // Who pressed has logged out, or has switched to the other device, and nobody else is asked instead.
  if (!isWanted) return;
  showCode(START);
  const before = calls.newKey;
  const place = { account: calls.account, isEmulated: calls.isEmulated };
  open.add(place);
  showBusy();
  const ended = await call(calls, START);
  open.delete(place);
  showBusy();
  // An earlier call may be asking.
  if (ended.ok || ended.answer.reason !== 'busy') closeSheet(calls.wx);
  if (!isShown(place)) return;
  // One that was forgotten meanwhile is no new one.
  const hasNewKey = calls.newKey !== undefined && calls.newKey !== before;
  showOutcome(ended, calls.isEmulated, hasNewKey ? nameOf(calls.account) : undefined);
  showResult(ended);
  showKey();
  await showVerdict(ended, place);
  // Good once: for the next start there must be another.
  if (isIssued()) await newChallenge();
}

async function newChallenge() {
  await renewChallenge(currentAccount());
  showCode();
}

/** @param {CallName} name */
async function check(name) {
  clearOutcome();
  showCode(name);
  const calls = current();
  const ended = await call(calls, name);
  if (isShown(calls)) showOutcome(ended, calls.isEmulated);
}

/** Whether they could be taken. */
function takeSettings() {
  const before = accounts.get(currentAccount());
  try {
    accounts = new Map(ACCOUNTS.map(account => [account, callsOf(account, readSettings(account))]));
  } catch (error) {
    // Those from before go on.
    byId('settings-wrong').textContent = /** @type {Error} */ (error).message;
    return false;
  }
  byId('settings-wrong').textContent = '';
  if (before && !isShown(before)) startOver();
  clearForgotten();
  showCode();
  lookAround();
  return true;
}

/** Somebody else has logged in, or another device has come: what is on the page is not theirs. */
async function startOver() {
  clearOutcome();
  clearVerdict();
  clearResult();
  clearForgotten();
  showCode();
  showBusy();
  if (isIssued()) await newChallenge();
}

async function startAgain() {
  const calls = current();
  // Where nothing can be forgotten nothing was remembered.
  await forgetKey(calls).catch(() => {});
  if (!isShown(calls)) return;
  // The button that was pressed goes.
  byId('start').focus({ preventScroll: true });
  start();
}

placeIcons();
followLanguage();
startLanguage();
showLength();
startLoading();
// On a wide screen there is room for the code beside the result.
byId('code', HTMLDetailsElement).open = matchMedia('(min-width: 60em)').matches;
byId('language').addEventListener('click', switchLanguage);
byId('call').addEventListener('submit', event => event.preventDefault());
await loadScript();

if (isLoaded()) {
  note('callsThere');
  await findServer();
  byId('challenge-hint').hidden = hasServer();
  byId('server-challenge-hint').hidden = !hasServer();
  byId('stays').hidden = hasServer();
  byId('leaves').hidden = !hasServer();
  byId('challenge').setAttribute('aria-describedby', hasServer() ? 'server-challenge-hint' : 'challenge-hint');
  await renewChallenge(currentAccount());
  placeVerdict(startAgain);
  startKey(current);
  byId('call').addEventListener('submit', start);
  byId('check-support').addEventListener('click', () => check(SUPPORT));
  byId('check-enrolled').addEventListener('click', () => check(ENROLLED));
  byId('call').addEventListener('input', () => {
    showLength();
    showCode(START);
  });
  byId('new-challenge').addEventListener('click', () => {
    shownCall = START;
    newChallenge();
  });
  byId('clear-log').addEventListener('click', clearLog);
  document.addEventListener('words', () => showCode());
  onAccount(startOver);
  onSettings(takeSettings);
  onEmulator(takeSettings, lookAround);
  takeSettings();
} else {
  showNotLoaded();
  /** @type {NodeListOf<HTMLButtonElement | HTMLInputElement | HTMLSelectElement>} */
  const controls = document.querySelectorAll('main button, main input, main select');
  for (const control of controls) control.disabled = true;
}
