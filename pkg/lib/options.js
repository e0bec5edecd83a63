const OPTIONS = ['authContent', 'challenge', 'requestAuthModes', 'checkAuthMode'];

/**
 * Reads the options of a call that has to wait for the module, so that a page may use the object again.
 *
 * @param {any} options
 */
export const readOptions = options => {
  if (typeof options !== 'object' || !options || Array.isArray(options)) return options;
  const read = {};
  for (const key of OPTIONS) {
    try {
      const value = options[key];
      read[key] = Array.isArray(value) ? [...value] : value;
    } catch {
      // What throws when it is read is not there.
    }
  }
  return read;
};
