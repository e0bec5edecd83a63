// The one place that knows whose authenticator answers: the browser's, or the emulator's.

import { emulatedWx, forgetEmulated, isEmulating } from './emulator.js';

/** Whether the script of wx-soter has run. */
export const isLoaded = () => typeof globalThis.WxSoter?.createWx === 'function';

/** The calls, with these settings. Without any they are those that the script put on `wx`. */
export function wxWith(settings) {
  if (isEmulating()) return emulatedWx(settings);
  return Object.keys(settings).length === 0 ? globalThis.wx : globalThis.WxSoter.createWx(settings);
}

/** Forgets the key of these settings, which a server does not know: the next start makes another. */
export const forgetKey = settings => (isEmulating() ? forgetEmulated() : globalThis.WxSoter.forgetKey(settings));

const REMEMBERED = 'wx-soter:';

/** Forgets which keys were made here, and says how many. Throws where the browser denies storage. */
export function forgetKeys() {
  const names = Object.keys(localStorage).filter(name => name.startsWith(REMEMBERED));
  names.forEach(name => localStorage.removeItem(name));
  return names.length;
}
