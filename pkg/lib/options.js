const CALLBACKS = ['success', 'fail', 'complete'];
const OPTIONS = ['authContent', 'challenge', 'requestAuthModes', 'checkAuthMode', ...CALLBACKS];

const isObject = value => typeof value === 'object' && value;

/**
 * Whether a call answers by callbacks. That a key is there decides, not what it holds, as in WeChat.
 *
 * @param {any} options
 */
export const takesCallbacks = options => isObject(options) && CALLBACKS.some(key => key in options);

/**
 * Reads the options of a call that has to wait for the module, so that a page may use the object again.
 *
 * @param {any} options
 */
export const readOptions = options => {
  if (!isObject(options)) return options;
  const read = {};
  for (const key of OPTIONS) {
    if (key in options) {
      try {
        const value = options[key];
        read[key] = Array.isArray(value) ? [...value] : value;
      } catch {
        // A getter that throws has no value; the key counts all the same.
        read[key] = undefined;
      }
    }
  }
  return read;
};
