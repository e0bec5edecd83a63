import { Call } from 'wx-soter:answering';
import { call as callModule, canIUse as moduleCan, runReady } from 'wx-soter:glue';
import { blocked, giveUp, start } from './module.js';
import { CALLS } from './names.js';
import { readOptions, takesCallbacks } from './options.js';
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

/** Answers a call when the module cannot, and returns what the call returns. */
const fail = (name, options, error) => {
  const call = new Call(name, options);
  call.failInternally(error.reason || 'internal', error.reason ? error.message : String(error));
  return call.returned;
};

/**
 * The three calls and `canIUse`, with these settings. None of them needs its `this`.
 *
 * @param {any} [settings]
 */
export const createWx = settings => {
  settings = copySettings(settings);
  const call = (name, options) => {
    const starting = start();
    if (starting) {
      const read = readOptions(options);
      const answer = starting.then(
        () => call(name, read),
        error => fail(name, read, error),
      );
      return takesCallbacks(read) ? undefined : answer;
    }
    let returned;
    try {
      returned = callModule(CALLS.indexOf(name), settings, options);
    } catch (error) {
      // It broke before it took the call over, so nobody else answers.
      giveUp(error);
      return fail(name, options, error);
    }
    try {
      runReady();
    } catch (error) {
      giveUp(error);
    }
    return returned;
  };

  const wx = { canIUse };
  for (const name of CALLS) wx[name] = options => call(name, options);
  return wx;
};
