import { wxAsking } from './create-wx.js';
import { checkedCopy, withDialog } from './settings.js';

/** The settings of `wx` so far. */
let settings = {};

/** The same, ready for a call. */
export const defaultSettings = () => withDialog(settings);

/** The calls with the settings of `configure`. */
export const wx = /* @__PURE__ */ wxAsking(defaultSettings);

/**
 * Changes the settings of `wx`, for all calls from now on. Those that are not named stay as they are.
 *
 * @param {any} changes
 * @param {string} [caller] the function that got them
 * @throws TypeError where one is wrong; then all stay as they are
 */
export const configure = (changes, caller = 'configure') => {
  settings = { ...settings, ...checkedCopy(changes, caller) };
};
