import { attempt } from './attempt.js';

const OPTIONS = ['authContent', 'challenge', 'requestAuthModes', 'checkAuthMode', 'signalUnknownCredential'];

/**
 * Reads the options of a call that has to wait for the module, so that a page may use the object again.
 *
 * @param {unknown} options
 */
export const readOptions = options => {
  if (typeof options !== 'object' || !options || attempt(() => Array.isArray(options)) !== false) {
    // The module says what is wrong with it.
    return options;
  }
  /** @type {Record<string, unknown>} */
  const read = {};
  for (const key of OPTIONS) {
    // What throws when it is read is not there.
    attempt(() => {
      read[key] = /** @type {Record<string, unknown>} */ (options)[key];
      if (Array.isArray(read[key])) read[key] = [...read[key]];
    });
  }
  return read;
};
