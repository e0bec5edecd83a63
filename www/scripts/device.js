// The one place that knows whose authenticator answers: the browser's, or the emulator's.

/** @import { EmulatorSettings } from '../../pkg/types/emulator.js' */
/** @import { Settings, Wx } from '../../pkg/types/index.js' */
/** @import { Account } from './accounts.js' */
import { emulatedWx, emulatorSettings, forgetEmulated, isEmulating } from './emulator.js';

/** Whether the script of wx-soter has run. */
export const isLoaded = () => typeof globalThis.WxSoter?.createWx === 'function';

/**
 * The calls of an account, and the settings that they have.
 *
 * @typedef {object} Calls
 * @property {Account} account
 * @property {boolean} isEmulated
 * @property {Settings | EmulatorSettings} settings the emulator's where it is one
 * @property {Wx} wx
 * @property {string | undefined} newKey the id of the newest key that they made
 */

/**
 * The calls of an account. Throws where a setting is wrong.
 *
 * @param {Account} account
 * @param {Settings} wanted
 */
export function callsOf(account, wanted) {
  const emulated = isEmulating() ? emulatorSettings(wanted) : undefined;
  /** @type {Settings['onKeyCreated']} */
  const onKeyCreated = async (registration, key) => {
    await wanted.onKeyCreated?.(registration, key);
    calls.newKey = registration.id;
  };
  const wx = emulated
    ? emulatedWx(account, { ...emulated, onKeyCreated })
    : globalThis.WxSoter.createWx({ ...wanted, onKeyCreated });
  /** @type {Calls} */
  const calls = { account, isEmulated: emulated !== undefined, settings: emulated ?? wanted, wx, newKey: undefined };
  return calls;
}

/**
 * Whether two are of one account on one kind of device, the browser's or the emulator's: what comes of the one may then be shown where
 * the other is current.
 *
 * @typedef {Pick<Calls, 'account' | 'isEmulated'>} Place
 * @param {Place} one
 * @param {Place} other
 */
export const isSamePlace = (one, other) => one.account === other.account && one.isEmulated === other.isEmulated;

/**
 * Forgets the account's key, so that the next start makes another, and says whether there was one.
 *
 * @param {Calls} calls
 */
export async function forgetKey(calls) {
  const { account, isEmulated, settings } = calls;
  const wasRemembered = await (isEmulated
    ? forgetEmulated(account)
    : globalThis.WxSoter.forgetKey(/** @type {Settings} */ (settings)));
  calls.newKey = undefined;
  return wasRemembered;
}

/**
 * The id of the account's key on this device, if it has one.
 *
 * @param {Calls} calls
 * @returns {string | undefined}
 */
export function keyOf({ account, isEmulated, newKey }) {
  if (isEmulated) return newKey;
  let record;
  try {
    record = localStorage.getItem(`wx-soter:${location.hostname}:${account}`);
  } catch {
    // Where the browser denies storage, wx-soter remembers keys until the page goes.
    return newKey;
  }
  try {
    return JSON.parse(record ?? 'null')?.id;
  } catch {
    return undefined;
  }
}
