/** @import { Settings } from '../types/index.js' */
import { go, wxOf } from './create-wx.js';
import { checkedCopy, withDialog } from './settings.js';

/**
 * The settings of `wx` so far.
 *
 * @type {Settings}
 */
let settings = {};
/** What is wrong with those that the page came with; empty where nothing is. */
let complaint = '';

/** The settings of `wx`, ready for a call. */
export const defaultSettings = () => withDialog(settings);

/** The calls with the settings of `configure`. */
export const wx = /* @__PURE__ */ wxOf((call, options) =>
  complaint ? call.failInternally('internal', complaint) : go(call, defaultSettings(), options),
);

/**
 * Changes the settings of `wx`, for all calls from now on. Those that are not named stay as they are.
 *
 * @param {Settings} changes
 * @param {string} [caller] the function that got them
 * @throws TypeError where one is wrong; then all stay as they are
 */
export const configure = (changes, caller = 'configure') => {
  settings = { ...settings, ...checkedCopy(changes, caller) };
  complaint = '';
};

/**
 * Has each call of `wx` fail and say why, until `configure` is given what is right: for settings that are wrong where nobody is
 * there to be told.
 *
 * @param {string} why
 */
export const failCalls = why => {
  complaint = why;
};
