import { makeCall } from './calls.js';
import { forgetKeys, isLoaded, wxWith } from './device.js';
import { closeSheet, emulatorSettings, isEmulating, onEmulator } from './emulator.js';
import { placeIcons } from './icons.js';
import { startLanguage, switchLanguage, words } from './language.js';
import { clearLog, logCall } from './log.js';
import { followLanguage, readOptions, renewChallenge, showLength } from './options.js';
import { clearOutcome, showOutcome } from './outcome.js';
import { showResult } from './result.js';
import { answersBy, onSettings, readSettings } from './settings.js';
import { showSnippet } from './snippet.js';
import { showChecking, showNotLoaded, showStatus } from './status.js';

const START = 'startSoterAuthentication';
const SUPPORT = 'checkIsSupportSoterAuthentication';
const ENROLLED = 'checkIsSoterEnrolledInDevice';

const byId = (id) => document.getElementById(id);
let settings = {};
let wx;
let shownCall = START;
let open = 0;

function call(name, options = readOptions(name)) {
  return makeCall(wx, name, options, answersBy(), logCall(name, options, answersBy()));
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
  showCode(START);
  open += 1;
  byId('start').setAttribute('aria-busy', 'true');
  const asked = wx;
  const ended = await call(START);
  // Another device, or an earlier call, may be asking.
  if (asked === wx && ended.answer.reason !== 'busy') closeSheet();
  open -= 1;
  byId('start').setAttribute('aria-busy', String(open > 0));
  showOutcome(ended);
  showResult(ended);
}

async function check(name) {
  clearOutcome();
  showCode(name);
  showOutcome(await call(name));
}

function takeSettings() {
  settings = isEmulating() ? emulatorSettings(readSettings()) : readSettings();
  wx = wxWith(settings);
  showCode();
  lookAround();
}

function forget() {
  let said;
  try {
    said = words().forgotten(forgetKeys());
    // A new device has no keys.
    if (isEmulating()) takeSettings();
  } catch {
    said = words().storageDenied;
  }
  byId('forgotten').textContent = said;
}

placeIcons();
followLanguage();
startLanguage();
renewChallenge();
showLength();
// On a wide screen there is room for the code beside the result.
byId('code').open = matchMedia('(min-width: 60em)').matches;
byId('language').addEventListener('click', switchLanguage);
byId('call').addEventListener('submit', (event) => event.preventDefault());

if (isLoaded()) {
  byId('call').addEventListener('submit', start);
  byId('check-support').addEventListener('click', () => check(SUPPORT));
  byId('check-enrolled').addEventListener('click', () => check(ENROLLED));
  byId('call').addEventListener('input', () => {
    showLength();
    showCode(START);
  });
  byId('new-challenge').addEventListener('click', () => {
    renewChallenge();
    showCode(START);
  });
  byId('clear-log').addEventListener('click', clearLog);
  byId('forget').addEventListener('click', forget);
  document.addEventListener('words', () => showCode());
  onSettings(takeSettings);
  onEmulator((device) => (device ? lookAround() : takeSettings()));
  takeSettings();
} else {
  showNotLoaded();
  for (const control of document.querySelectorAll('main button, main input, main select')) control.disabled = true;
}
