import { Call } from 'wx-soter:answering';
import { go } from './create-wx.js';
import { checkedSettings } from './settings.js';
import { defaultSettings } from './default-wx.js';

/** Tells the platform of a key that no server knows (WebAuthn Level 3, §5.1.10). Most browsers take it since 2025. */
const signal = key => {
  try {
    // It may take its time, and say no: the key is forgotten all the same.
    Promise.resolve(PublicKeyCredential.signalUnknownCredential(key)).catch(() => {});
  } catch {
    // There is no such thing here.
  }
};

/**
 * Forgets the key under settings that have been checked.
 *
 * @param {any} settings
 * @param {boolean} [signals] whether the platform is told
 * @returns {Promise<boolean>} whether a key was remembered
 */
export const forget = async (settings, signals) => {
  const call = new Call('forgetKey');
  go(call, settings);
  const { rpId, credentialId } = await call.returned;
  if (credentialId && signals) signal({ rpId, credentialId });
  return Boolean(credentialId);
};

/**
 * Forgets the key that is remembered under these settings, so that the next start makes another.
 *
 * @param {any} [settings] those of `wx` unless given
 * @param {{ signalUnknownCredential?: boolean }} [options]
 * @returns {Promise<boolean>} whether a key was remembered
 */
export const forgetKey = async (settings, { signalUnknownCredential = true } = {}) =>
  forget(settings ? checkedSettings(settings, 'forgetKey') : defaultSettings(), signalUnknownCredential);
