import { makeWx } from './create-wx.js';
import { place } from './place.js';
import { checkedSettings } from './settings.js';

/**
 * Puts the three calls and `canIUse` on an object of the page or of a host.
 *
 * @template {object} T
 * @param {T} target
 * @param {any} [options] `override`, and the settings of `createWx`
 * @returns {T}
 */
export const install = (target, options) => {
  const { override, ...settings } = checkedSettings(options, 'install', ['override']);
  return place(target, makeWx(settings), override);
};
