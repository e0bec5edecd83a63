// The one place that knows whose authenticator answers: the browser's, or the emulator's.

import { emulatedWx, emulatorSettings, forgetEmulated, isEmulating } from './emulator.js';

/** Whether the script of wx-soter has run. */
export const isLoaded = () => typeof globalThis.WxSoter?.createWx === 'function';

/**
 * The calls of an account: `wx`, the settings that they have, and the id of the newest key that they made. Throws where a
 * setting is wrong.
 */
export function callsOf(account, wanted) {
  const isEmulated = isEmulating();
  const settings = isEmulated ? emulatorSettings(wanted) : wanted;
  const calls = { account, isEmulated, settings, wx: undefined, newKey: undefined };
  const onKeyCreated = async (registration, key) => {
    await settings.onKeyCreated?.(registration, key);
    calls.newKey = registration.id;
  };
  calls.wx = (isEmulated ? emulatedWx : createWx)(account, { ...settings, onKeyCreated });
  return calls;
}

const createWx = (_, settings) => globalThis.WxSoter.createWx(settings);

/** Forgets the account's key, so that the next start makes another, and says whether there was one. */
export async function forgetKey(calls) {
  const wasRemembered = await (calls.isEmulated ? forgetEmulated(calls.account) : globalThis.WxSoter.forgetKey(calls.settings));
  calls.newKey = undefined;
  return wasRemembered;
}

/** The id of the account's key on this device, if it has one. */
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
    return JSON.parse(record)?.id;
  } catch {
    return undefined;
  }
}
