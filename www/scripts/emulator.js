// The emulator: a device in software instead of the browser's authenticator, with the person's answers as buttons.

import { words } from './language.js';
import { hasServer } from './server.js';

const byId = id => document.getElementById(id);
const toggle = byId('emulate');
const enrolment = byId('enrolment');
const sheet = byId('sheet');

let createEmulator;
/** A device for each account. */
const devices = new Map();
let answer = () => {};
let attempt = 0;

/** Whether the emulator stands in for this device. */
export const isEmulating = () => toggle.checked && createEmulator !== undefined;

/** Runs one listener when the emulator comes or goes, and another when somebody's finger or face does. */
export function onEmulator(onSwitch, onEnrolment) {
  toggle.addEventListener('change', async () => {
    if (toggle.checked) ({ createEmulator } = await import(new URL('pkg/dist/emulator.js', document.baseURI).href));
    document.documentElement.classList.toggle('emulating', isEmulating());
    byId('emulator').hidden = byId('emulator-banner').hidden = !isEmulating();
    onSwitch();
  });
  enrolment.addEventListener('change', ({ target: { value, checked } }) => {
    for (const device of devices.values()) {
      if (!device.supportMode.includes(value)) return;
      if (checked) device.enroll(value);
      else device.remove(value);
    }
    onEnrolment();
  });
  byId('unlock').addEventListener('click', () => devices.forEach(device => device.unlock()));
}

/** What `createEmulator` gets of the settings of this page. */
export function emulatorSettings({ modes, dialect, timeout, prompt = 'dialog', onKeyCreated }) {
  const settings = { user: askPerson, prompt };
  // The server takes results of this page's origin only.
  if (hasServer()) Object.assign(settings, { origin: location.origin, onKeyCreated });
  if (modes) settings.supportMode = modes;
  if (dialect) settings.dialect = dialect;
  if (timeout) settings.timeout = timeout;
  const boxes = [...enrolment.querySelectorAll('input')];
  const enrolled = boxes.filter(({ checked, value }) => checked && (modes ?? ['fingerPrint', 'facial']).includes(value));
  // A voice has no box, and is always enrolled.
  const voice = modes?.includes('speech') ? ['speech'] : [];
  if (modes || enrolled.length < boxes.length) settings.enrolled = [...enrolled.map(({ value }) => value), ...voice];
  return settings;
}

/** The calls of a new device for an account. */
export function emulatedWx(account, settings) {
  const device = createEmulator(settings);
  devices.set(account, device);
  return device.wx;
}

/** Has the account's device forget its key. */
export const forgetEmulated = account => devices.get(account).forgetKey();

/** Takes away what asks the person, when nobody waits for the answer any more. */
export const closeSheet = () => sheet.close();

/** Shows what the device asks, and resolves with the button that was pressed. */
function askPerson(asked) {
  attempt = asked.attempt;
  byId('sheet-content').textContent = asked.authContent;
  sheet.dataset.mode = asked.authMode;
  showAttempt();
  sheet.showModal();
  return new Promise(resolve => {
    answer = resolve;
  });
}

function showAttempt() {
  byId('sheet-attempt').textContent = attempt > 1 ? words().notRecognised(attempt) : '';
}

document.addEventListener('words', showAttempt);
sheet.addEventListener('click', ({ target }) => {
  const { deed } = target.closest('button')?.dataset ?? {};
  if (!deed) return;
  sheet.close();
  answer(deed);
});
// Escape.
sheet.addEventListener('cancel', () => answer('cancel'));
