import { Call } from 'wx-soter:answering';
import { call as callModule, canIUse as moduleCan, resume } from 'wx-soter:glue';
import { blocked, giveUp, start } from './module.js';
import { CALLS } from './names.js';
import { readOptions } from './options.js';
import { copySettings } from './settings.js';

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
  return !blocked && CALLS.includes(schema);
};

/** How long a call may take unless the page says otherwise, in milliseconds. */
const TIMEOUT = 60_000;

/**
 * The three calls and `canIUse`, with these settings. None of them needs its `this`.
 *
 * @param {any} [settings]
 */
export const createWx = settings => {
  settings = copySettings(settings);
  const begin = (call, options) => {
    try {
      callModule(CALLS.indexOf(call.api), settings, options, call);
    } catch (error) {
      // This call is among those that get their answer now.
      giveUp(error);
    }
  };
  const make = (name, options) => {
    const call = new Call(name, options, resume);
    const starting = start();
    if (!starting) {
      begin(call, options);
      return call.returned;
    }
    const read = readOptions(options);
    let waits = true;
    starting.then(
      () => {
        waits = false;
        if (call.isOpen) begin(call, read);
      },
      error => call.failInternally(error.reason || 'internal', error.reason ? error.message : String(error)),
    );
    // The one timer of this call. Once the module runs, it is the module that ends it.
    call.timer = setTimeout(
      () => (waits ? call.fail('timeout', 'timeout') : call.interrupt({ event: 'timeout' })),
      settings.timeout > 0 ? settings.timeout : TIMEOUT,
    );
    return call.returned;
  };

  const wx = { canIUse };
  for (const name of CALLS) wx[name] = options => make(name, options);
  return wx;
};
