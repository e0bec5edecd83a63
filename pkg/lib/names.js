/** The calls, as mini programs name them. */
export const CALLS = ['startSoterAuthentication', 'checkIsSupportSoterAuthentication', 'checkIsSoterEnrolledInDevice'];
/** What the module does, in the order in which it numbers that: `Api::at` in `src/api.rs`. */
export const NUMBERED = [...CALLS, 'forgetKey'];

/** The values of settings, as far as they are words. */
export const MODES = ['fingerPrint', 'facial', 'speech'];
export const AUTHENTICATORS = ['platform', 'any'];
export const PROMPTS = ['dialog', 'none'];
export const DIALECTS = ['any', 'wechat', 'tcmpp'];
