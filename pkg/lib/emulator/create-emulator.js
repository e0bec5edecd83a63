/** @import { Emulator, EmulatorSettings, User } from '../../types/emulator.js' */
/** @import { AuthMode, PromptRequest, Wx } from '../../types/index.js' */
/** @import { Call } from '../call.js' */
/** @import { ReadySettings } from '../settings.js' */
import { checks } from '../check.js';
import { makeWx } from '../create-wx.js';
import { showDialog } from '../dialog/show-dialog.js';
import { forget } from '../forget-key.js';
import { place } from '../place.js';
import { checked, checkedMode, checkedUser } from './checked.js';
import { createMemory } from './memory.js';
import { randomSeed } from './random-seed.js';

const { demandObject, refuseUnknown } = checks('install');

const WARNING =
  'wx-soter/emulator: this is an EMULATOR. It protects nothing: nobody is verified, and whoever runs it holds its keys.';

/** Whether this copy of the package has said so. */
let hasWarned = false;

const warnOnce = () => {
  if (!hasWarned) console.warn(WARNING);
  hasWarned = true;
};

/**
 * The person may be asked by a dialog of the page, which stands for the system's.
 *
 * @param {PromptRequest} request
 */
const showBelow = request => showDialog({ ...request, mayBeCovered: true });

/**
 * All that a device is. The module reads and changes it: `emulator/src/device.rs`, `emulator/src/sys.rs`.
 *
 * @typedef {object} DeviceState
 * @property {string} origin
 * @property {AuthMode[]} enrolled
 * @property {User} user
 * @property {number} delay in milliseconds
 * @property {string} seed
 * @property {number} draws how many random numbers have been drawn
 * @property {number} mismatches in a row
 * @property {number} lockedUntil as `Date.now()` has it
 * @property {Call | undefined} open the call that has the device
 */

/**
 * A device in software, with a person to play.
 *
 * @param {EmulatorSettings} [settings]
 * @returns {Emulator}
 */
export const createEmulator = settings => {
  const { supportMode, enrolled, dialect, user, delay, seed, rpId, origin, timeout, onKeyCreated, prompt, warn } =
    checked(settings);
  /** @type {DeviceState} */
  const device = {
    origin,
    enrolled,
    user,
    delay,
    seed: String(seed ?? randomSeed()),
    draws: 0,
    mismatches: 0,
    lockedUntil: 0,
    open: undefined,
  };
  /** @type {ReadySettings} */
  const callSettings = {
    rpId,
    // A device that supports none has no such setting.
    modes: supportMode.length ? supportMode : undefined,
    dialect,
    timeout,
    onKeyCreated,
    prompt: prompt === 'dialog' ? showBelow : prompt,
    storage: createMemory(),
    device,
  };
  const wx = makeWx(callSettings);
  if (warn) warnOnce();
  return {
    wx,
    isEmulator: true,
    install(target, options = {}) {
      demandObject(options, 'the options');
      refuseUnknown(options, ['override']);
      return place(target, wx, options.override);
    },
    get user() {
      return device.user;
    },
    set user(user) {
      device.user = checkedUser(user);
    },
    get supportMode() {
      return [...supportMode];
    },
    get enrolled() {
      return [...device.enrolled];
    },
    enroll(mode) {
      checkedMode(mode, supportMode);
      if (!device.enrolled.includes(mode)) device.enrolled.push(mode);
    },
    remove(mode) {
      checkedMode(mode, supportMode);
      device.enrolled = device.enrolled.filter(each => each !== mode);
    },
    forgetKey: () => forget(callSettings),
    unlock() {
      device.mismatches = 0;
      device.lockedUntil = 0;
    },
  };
};
