/** The calls, as mini programs name them, in the order in which the module numbers them. */
export const CALLS = ['startSoterAuthentication', 'checkIsSupportSoterAuthentication', 'checkIsSoterEnrolledInDevice'];

/** The values of settings, as far as they are words. */
export const MODES = ['fingerPrint', 'facial', 'speech'];
export const AUTHENTICATORS = ['platform', 'any'];
export const PROMPTS = ['dialog', 'none'];
export const DIALECTS = ['any', 'wechat', 'tcmpp'];
