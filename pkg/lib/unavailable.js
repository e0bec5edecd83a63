import { CHECK_ENROLLED, CHECK_SUPPORT, START } from './names.js';
import { takesCallbacks } from './options.js';

const report = error => {
  try {
    reportError(error);
  } catch {
    console.error(error);
  }
};

/**
 * Answers a call when the module cannot: the same object, in the same order, as the module itself would.
 *
 * @param {string} name
 * @param {any} options
 * @param {Error & { reason?: string }} error
 * @returns {Promise<never> | undefined} what the call returns
 */
export const answerUnavailable = (name, options, error) => {
  const result = {
    errMsg: name + ':fail internal error',
    errCode: 90007,
    reason: error.reason || 'internal',
    detail: error.reason ? error.message : String(error),
    ...{
      [START]: { authMode: '', resultJSON: '', resultJSONSignature: '' },
      [CHECK_SUPPORT]: { supportMode: [] },
      [CHECK_ENROLLED]: { isEnrolled: false },
    }[name],
  };
  if (!takesCallbacks(options)) return Promise.reject(Object.assign(new Error(result.errMsg), result));
  const { fail, complete } = options;
  Promise.resolve().then(() => {
    for (const callback of [fail, complete]) {
      if (typeof callback === 'function') {
        try {
          callback(result);
        } catch (thrown) {
          report(thrown);
        }
      }
    }
  });
};
