/** @import { Account } from './accounts.js' */
/** @import { CallName } from './calls.js' */
/** @import { Calls } from './device.js' */
import { ACCOUNTS, currentAccount, nameOf, onAccount } from './accounts.js';
import { byId } from './by-id.js';
import { makeCall } from './calls.js';
import { isIssued, isStale, renewChallenge } from './challenge.js';
import { callsOf, forgetKey, isLoaded } from './device.js';
import { closeSheet, onEmulator } from './emulator.js';
import { placeIcons } from './icons.js';
import { clearForgotten, showKey, startKey } from './key.js';
import { startLanguage, switchLanguage } from './language.js';
import { note, startLoading } from './loading.js';
import { clearLog, logCall } from './log.js';
import { followLanguage, readOptions, showLength } from './options.js';
import { clearOutcome, showOutcome } from './outcome.js';
import { showResult } from './result.js';
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
let open = 0;

/** The calls of who is logged in; they are there before anybody can press a button. */
const current = () => /** @type {Calls} */ (accounts.get(currentAccount()));

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
  showSnippet(name, readOptions(name), current().settings, answersBy());
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
  if (asked === accounts) showStatus(support, enrolled, calls.settings);
}

async function start() {
  clearOutcome();
  clearVerdict();
  clearForgotten();
  open += 1;
  byId('start').setAttribute('aria-busy', 'true');
  const calls = current();
  // Otherwise nothing is awaited between the click and the call.
  if (isStale(calls.account)) await renewChallenge(calls.account);
  showCode(START);
  const before = calls.newKey;
  const ended = await call(calls, START);
  // Another device, or an earlier call, may be asking.
  if (calls === accounts.get(calls.account) && (ended.ok || ended.answer.reason !== 'busy')) closeSheet();
  open -= 1;
  byId('start').setAttribute('aria-busy', String(open > 0));
  // Who has logged out meanwhile finds it in the log.
  if (calls.account !== currentAccount()) return;
  showOutcome(ended, calls.newKey === before ? undefined : nameOf(calls.account));
  showResult(ended);
  showKey();
  await showVerdict(ended, calls.account);
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
  showOutcome(await call(current(), name));
}

/** Whether they could be taken. */
function takeSettings() {
  try {
    accounts = new Map(ACCOUNTS.map(account => [account, callsOf(account, readSettings(account))]));
  } catch (error) {
    // Those from before go on.
    byId('settings-wrong').textContent = /** @type {Error} */ (error).message;
    return false;
  }
  byId('settings-wrong').textContent = '';
  clearForgotten();
  showCode();
  lookAround();
  return true;
}

/** Somebody else has logged in: what is on the page of the one before is not theirs. */
async function changeAccount() {
  clearOutcome();
  clearVerdict();
  clearForgotten();
  showCode();
  if (isIssued()) await newChallenge();
}

async function startAgain() {
  // Where nothing can be forgotten nothing was remembered.
  await forgetKey(current()).catch(() => {});
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
  onAccount(changeAccount);
  onSettings(takeSettings);
  onEmulator(takeSettings, lookAround);
  takeSettings();
} else {
  showNotLoaded();
  /** @type {NodeListOf<HTMLButtonElement | HTMLInputElement | HTMLSelectElement>} */
  const controls = document.querySelectorAll('main button, main input, main select');
  for (const control of controls) control.disabled = true;
}
