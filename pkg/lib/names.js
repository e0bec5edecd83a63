/** The calls, as mini programs name them, in the order in which the module numbers them. */
export const CALLS = ['startSoterAuthentication', 'checkIsSupportSoterAuthentication', 'checkIsSoterEnrolledInDevice'];
