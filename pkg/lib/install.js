/** @import { InstallOptions, Wx } from '../types/index.js' */
import { isMissing } from './check.js';
import { makeWx } from './create-wx.js';
import { wx } from './default-wx.js';
import { place } from './place.js';
import { checkedCopy, withDialog } from './settings.js';

/**
 * Puts the three calls and `canIUse` on an object of the page or of a host: those of `wx`, or with settings its own.
 *
 * @template {object} T
 * @param {T} target
 * @param {InstallOptions} [options] `override`, and the settings of `createWx`
 * @returns {T & Wx}
 */
export const install = (target, options) => {
  const { override, ...settings } = checkedCopy(options, 'install', ['override']);
  const isDefault = Object.values(settings).every(isMissing);
  return place(target, isDefault ? wx : makeWx(withDialog(settings)), override);
};
