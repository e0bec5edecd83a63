/** @import { ForgetOptions, Settings } from '../types/index.js' */
/** @import { ReadySettings } from './settings.js' */
import { Call } from './call.js';
import { checks, isMissing } from './check.js';
import { go } from './create-wx.js';
import { defaultSettings } from './default-wx.js';
import { checkedSettings } from './settings.js';

/**
 * Forgets the key under settings that have been checked.
 *
 * @param {ReadySettings} settings
 * @param {boolean} [signalUnknownCredential] whether the platform is told
 * @returns {Promise<boolean>} whether a key was remembered
 */
export const forget = async (settings, signalUnknownCredential) => {
  const call = new Call('forgetKey');
  go(call, settings, { signalUnknownCredential });
  const { wasRemembered } = await call.returned;
  return wasRemembered;
};

/**
 * Forgets the key that is remembered under these settings, so that the next start makes another.
 *
 * @param {Settings} [settings] those of `wx` unless given
 * @param {ForgetOptions} [options]
 * @returns {Promise<boolean>} whether a key was remembered
 */
export const forgetKey = async (settings, options = {}) => {
  const { demand, demandObject, refuseUnknown } = checks('forgetKey');
  demandObject(options, 'the options');
  refuseUnknown(options, ['signalUnknownCredential']);
  const { signalUnknownCredential = true } = options;
  demand(typeof signalUnknownCredential === 'boolean', 'signalUnknownCredential', 'true or false');
  const wanted = isMissing(settings) ? defaultSettings() : checkedSettings(settings, 'forgetKey');
  return forget(wanted, signalUnknownCredential);
};
