import { makeCall } from './calls.js';
import { isIssued, isStale, renewChallenge } from './challenge.js';
import { forgetKey, forgetKeys, isLoaded, wxWith } from './device.js';
import { closeSheet, emulatorSettings, isEmulating, onEmulator } from './emulator.js';
import { placeIcons } from './icons.js';
import { startLanguage, switchLanguage, words } from './language.js';
import { clearLog, logCall } from './log.js';
import { followLanguage, readOptions, showLength } from './options.js';
import { clearOutcome, showOutcome } from './outcome.js';
import { showResult } from './result.js';
import { findServer, forgetAtServer, hasServer } from './server.js';
import { answersBy, onSettings, readSettings } from './settings.js';
import { showSnippet } from './snippet.js';
import { showChecking, showNotLoaded, showStatus } from './status.js';
import { clearVerdict, placeVerdict, showVerdict } from './verdict.js';

const START = 'startSoterAuthentication';
const SUPPORT = 'checkIsSupportSoterAuthentication';
const ENROLLED = 'checkIsSoterEnrolledInDevice';

const byId = id => document.getElementById(id);
let settings = {};
let wx;
let shownCall = START;
let open = 0;

function call(name, options = readOptions(name)) {
  return makeCall(wx, name, options, answersBy(), logCall(name, options));
}

function showCode(name = shownCall) {
  shownCall = name;
  showSnippet(name, readOptions(name), settings, answersBy());
}

/** Asks both what is possible here, and tells the person in plain words. */
async function lookAround() {
  showChecking();
  const asked = settings;
  const support = await call(SUPPORT);
  // WeChat's rules demand a mode here; one that is there gives the answer that matters.
  const demanded = settings.dialect === 'wechat' && support.answer.supportMode?.[0];
  const enrolled = await call(ENROLLED, demanded ? { checkAuthMode: demanded } : undefined);
  if (asked === settings) showStatus(support, enrolled, settings);
}

async function start() {
  clearOutcome();
  clearVerdict();
  open += 1;
  byId('start').setAttribute('aria-busy', 'true');
  // Otherwise nothing is awaited between the click and the call.
  if (isStale()) await renewChallenge();
  showCode(START);
  const asked = wx;
  const ended = await call(START);
  // Another device, or an earlier call, may be asking.
  if (asked === wx && ended.answer.reason !== 'busy') closeSheet();
  open -= 1;
  byId('start').setAttribute('aria-busy', String(open > 0));
  showOutcome(ended);
  showResult(ended);
  await showVerdict(ended);
  // Good once: for the next start there must be another.
  if (isIssued()) await newChallenge();
}

async function newChallenge() {
  await renewChallenge();
  showCode();
}

async function check(name) {
  clearOutcome();
  showCode(name);
  showOutcome(await call(name));
}

function takeSettings() {
  const wanted = isEmulating() ? emulatorSettings(readSettings()) : readSettings();
  try {
    wx = wxWith(wanted);
  } catch (error) {
    // Those from before go on.
    byId('settings-wrong').textContent = error.message;
    return;
  }
  byId('settings-wrong').textContent = '';
  settings = wanted;
  showCode();
  lookAround();
}

async function forget() {
  let said;
  try {
    said = words().forgotten(forgetKeys());
    // One that the server goes on knowing does no harm: nobody can use it here any more.
    if (hasServer()) await forgetAtServer().catch(() => {});
    // A new device has no keys.
    if (isEmulating()) takeSettings();
  } catch {
    said = words().storageDenied;
  }
  byId('forgotten').textContent = said;
}

async function startAgain() {
  // Where nothing can be forgotten nothing was remembered.
  await forgetKey(settings).catch(() => {});
  // The button that was pressed goes.
  byId('start').focus({ preventScroll: true });
  start();
}

placeIcons();
followLanguage();
startLanguage();
showLength();
// On a wide screen there is room for the code beside the result.
byId('code').open = matchMedia('(min-width: 60em)').matches;
byId('language').addEventListener('click', switchLanguage);
byId('call').addEventListener('submit', event => event.preventDefault());

if (isLoaded()) {
  await findServer();
  byId('challenge-hint').hidden = hasServer();
  byId('server-challenge-hint').hidden = !hasServer();
  byId('stays').hidden = hasServer();
  byId('leaves').hidden = !hasServer();
  byId('challenge').setAttribute('aria-describedby', hasServer() ? 'server-challenge-hint' : 'challenge-hint');
  await renewChallenge();
  placeVerdict(startAgain);
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
  byId('forget').addEventListener('click', forget);
  document.addEventListener('words', () => showCode());
  onSettings(takeSettings);
  onEmulator(device => (device ? lookAround() : takeSettings()));
  takeSettings();
} else {
  showNotLoaded();
  for (const control of document.querySelectorAll('main button, main input, main select')) control.disabled = true;
}
