// The emulator: a device in software instead of the browser's authenticator, with the person's answers as buttons.

/** @import { Emulator, EmulatorSettings, UserAction, UserRequest } from '../../pkg/types/emulator.js' */
/** @import { AuthMode, Settings, Wx } from '../../pkg/types/index.js' */
/** @import { Account } from './accounts.js' */
import { byId } from './by-id.js';
import { words } from './language.js';
import { message } from './message.js';
import { hasServer } from './server.js';

const toggle = byId('emulate', HTMLInputElement);
const enrolment = byId('enrolment');
const sheet = byId('sheet', HTMLDialogElement);

/** @type {typeof import('../../pkg/types/emulator.js').createEmulator | undefined} */
let createEmulator;
/**
 * A device for each account.
 *
 * @type {Map<Account, Emulator>}
 */
const devices = new Map();
/**
 * Whose sheet it is.
 *
 * @type {Emulator | undefined}
 */
let asking;
/** @type {(deed: UserAction) => void} */
let answer = () => {};
let attempt = 0;
let failures = 0;
let said = () => byId('emulator-wrong').replaceChildren();

/** Whether the emulator stands in for this device. */
export const isEmulating = () => toggle.checked && createEmulator !== undefined;

/**
 * Runs one listener when the emulator is to come or to go, which says whether it could, and another when somebody's finger or
 * face has.
 *
 * @param {() => boolean} onSwitch
 * @param {() => void} onEnrolment
 */
export function onEmulator(onSwitch, onEnrolment) {
  // A browser that comes back to the page would have it on again, and the device is gone.
  toggle.checked = false;
  toggle.addEventListener('change', async () => {
    if (toggle.checked) await load();
    // The device that goes on is the one that the page shows.
    if (!onSwitch()) toggle.checked = !toggle.checked;
    document.documentElement.classList.toggle('emulating', isEmulating());
    byId('emulator').hidden = byId('emulator-banner').hidden = !isEmulating();
  });
  enrolment.addEventListener('change', ({ target }) => {
    const { checked, value } = /** @type {HTMLInputElement} */ (target);
    const mode = /** @type {AuthMode} */ (value);
    for (const device of devices.values()) {
      if (!device.supportMode.includes(mode)) return;
      if (checked) device.enroll(mode);
      else device.remove(mode);
    }
    onEnrolment();
  });
  byId('unlock').addEventListener('click', () => devices.forEach(device => device.unlock()));
}

/** Fetches what makes devices. Where that fails it says so, and there is none to switch on. */
async function load() {
  said = () => byId('emulator-wrong').replaceChildren();
  try {
    // Some browsers remember that an address failed.
    const address = new URL(`pkg/dist/emulator.js${failures ? `?${failures}` : ''}`, document.baseURI);
    ({ createEmulator } = await import(address.href));
  } catch {
    failures += 1;
    toggle.checked = false;
    said = () => byId('emulator-wrong').replaceChildren(message('bad', words().emulatorNotLoaded));
  }
  said();
}

/**
 * What `createEmulator` gets of the settings of this page.
 *
 * @param {Settings} settings
 */
export function emulatorSettings({ modes, dialect, timeout, prompt = 'dialog', onKeyCreated }) {
  /** @type {EmulatorSettings} */
  const settings = { user: askPerson, prompt };
  // The server takes results of this page's origin only.
  if (hasServer()) Object.assign(settings, { origin: location.origin, onKeyCreated });
  if (modes) settings.supportMode = modes;
  if (dialect) settings.dialect = dialect;
  if (timeout) settings.timeout = timeout;
  const boxes = [...enrolment.querySelectorAll('input')];
  const checked = boxes.filter(({ checked }) => checked).map(({ value }) => /** @type {AuthMode} */ (value));
  const enrolled = checked.filter(mode => (modes ?? ['fingerPrint', 'facial']).includes(mode));
  // A voice has no box, and is always enrolled.
  if (modes?.includes('speech')) enrolled.push('speech');
  if (modes || enrolled.length < boxes.length) settings.enrolled = enrolled;
  return settings;
}

/**
 * The calls of a new device for an account.
 *
 * @param {Account} account
 * @param {EmulatorSettings} settings
 */
export function emulatedWx(account, settings) {
  if (!createEmulator) throw new Error('the emulator has not been switched on');
  /** @type {EmulatorSettings['user']} */
  const user = asked => {
    asking = device;
    return askPerson(asked);
  };
  const device = createEmulator({ ...settings, user });
  devices.set(account, device);
  return device.wx;
}

/**
 * Has the account's device forget its key.
 *
 * @param {Account} account
 */
export const forgetEmulated = async account => (await devices.get(account)?.forgetKey()) ?? false;

/**
 * Takes away what asks the person, when nobody waits for the answer any more; not what another device asks.
 *
 * @param {Wx} wx the calls of the device that has its answer
 */
export const closeSheet = wx => {
  if (asking?.wx === wx) sheet.close();
};

/**
 * Shows what a device asks, and resolves with the button that was pressed.
 *
 * @param {UserRequest} asked
 * @returns {Promise<UserAction>}
 */
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

document.addEventListener('words', () => {
  showAttempt();
  said();
});
sheet.addEventListener('click', ({ target }) => {
  const { deed } = /** @type {Element} */ (target).closest('button')?.dataset ?? {};
  if (!deed) return;
  sheet.close();
  answer(/** @type {UserAction} */ (deed));
});
// Escape.
sheet.addEventListener('cancel', () => answer('cancel'));
