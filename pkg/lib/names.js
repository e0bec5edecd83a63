/** @import { AuthMode, Settings } from '../types/index.js' */
/** @import { Api } from './call.js' */

/**
 * The calls, as mini programs name them.
 *
 * @type {Exclude<Api, 'forgetKey'>[]}
 */
export const CALLS = ['startSoterAuthentication', 'checkIsSupportSoterAuthentication', 'checkIsSoterEnrolledInDevice'];
/**
 * What the module does, in the order in which it numbers that: `Api::at` in `src/api.rs`.
 *
 * @type {Api[]}
 */
export const NUMBERED = [...CALLS, 'forgetKey'];

// The values of settings, as far as they are words.

/** @type {AuthMode[]} */
export const MODES = ['fingerPrint', 'facial', 'speech'];
/** @type {NonNullable<Settings['authenticators']>[]} */
export const AUTHENTICATORS = ['platform', 'any'];
/** @type {('dialog' | 'none')[]} */
export const PROMPTS = ['dialog', 'none'];
/** @type {NonNullable<Settings['dialect']>[]} */
export const DIALECTS = ['any', 'wechat', 'tcmpp'];
