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

/** The person may be asked by a dialog of the page, which stands for the system's. */
const showBelow = request => showDialog({ ...request, mayBeCovered: true });

/**
 * A device in software, with a person to play.
 *
 * @param {any} [settings]
 */
export const createEmulator = settings => {
  const { supportMode, enrolled, dialect, user, delay, seed, rpId, origin, timeout, onKeyCreated, prompt, warn } =
    checked(settings);
  // All that the device is. The module reads and changes it: `emulator/src/device.rs`, `emulator/src/sys.rs`.
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
