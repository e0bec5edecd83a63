/** @import { Settings, Wx } from '../types/index.js' */
/** @import { ReadySettings } from './settings.js' */
import { call as callModule, canIUse as moduleCan } from 'wx-soter:glue';
import { attempt, textOf } from './attempt.js';
import { isBlocked } from './blocked-error.js';
import { Call, isAbandonedSince } from './call.js';
import { blocked, giveUp, start } from './module.js';
import { CALLS, NUMBERED } from './names.js';
import { readOptions } from './options.js';
import { checkedSettings } from './settings.js';

/**
 * Whether a call, option, result or value is there. Before the module runs only the calls themselves are known, and
 * where it never can there is nothing.
 *
 * @param {string} schema
 * @returns {boolean}
 */
export const canIUse = schema => {
  if (typeof schema !== 'string') return false;
  try {
    if (!start()) return moduleCan(schema);
  } catch (error) {
    giveUp(error);
  }
  return !blocked && /** @type {string[]} */ (CALLS).includes(schema);
};

/** How long a call may take unless the page says otherwise, in milliseconds: as in `src/settings.rs`, while there is no module. */
const TIMEOUT = 60_000;

/**
 * @param {Call} call
 * @param {ReadySettings} settings
 * @param {unknown} options
 * @param {number} waited in milliseconds, of the time that the call may take
 */
const begin = (call, settings, options, waited) => {
  const isAbandoned = isAbandonedSince();
  try {
    callModule(NUMBERED.indexOf(call.api), settings, options, call, waited);
  } catch (error) {
    // This call is among those that fail now. After a panic they have.
    if (!isAbandoned()) giveUp(error);
  }
};

/**
 * Has a new call go its way: at once, within the click, or when the module runs.
 *
 * @param {Call} call
 * @param {ReadySettings} settings
 * @param {unknown} [options] those of the call
 */
export const go = (call, settings, options) => {
  const starting = start();
  if (!starting) return begin(call, settings, options, 0);
  const read = readOptions(options);
  const asked = Date.now();
  // Once the module runs, it is the module that ends the call, in what is left of the time.
  const timer = setTimeout(() => call.fail('timeout', 'timeout'), settings.timeout || TIMEOUT);
  starting.then(
    () => {
      clearTimeout(timer);
      if (call.isOpen) begin(call, settings, read, Math.max(Date.now() - asked, 0));
    },
    error => {
      clearTimeout(timer);
      if (isBlocked(error))
        call.failInternally(
          error.reason,
          attempt(() => error.message),
        );
      else call.failInternally('internal', textOf(error));
    },
  );
};

/**
 * The three calls and `canIUse`. None of them needs its `this`.
 *
 * @param {(call: Call, options: unknown) => void} make has a new call go its way
 * @returns {Wx}
 */
export const wxOf = make => {
  /** @type {Record<string, unknown>} */
  const wx = { canIUse };
  for (const name of CALLS) {
    /** @param {unknown} options */
    wx[name] = options => {
      const call = new Call(name, options);
      make(call, options);
      return call.returned;
    };
  }
  // With the calls it is whole.
  return /** @type {Wx} */ (/** @type {unknown} */ (wx));
};

/**
 * The calls with settings that have been checked.
 *
 * @param {ReadySettings} settings
 */
export const makeWx = settings => wxOf((call, options) => go(call, settings, options));

/**
 * The calls with these settings.
 *
 * @param {Settings} [settings]
 * @throws TypeError where a setting is wrong
 */
export const createWx = settings => makeWx(checkedSettings(settings, 'createWx'));
