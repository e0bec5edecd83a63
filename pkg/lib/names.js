/** The calls, as mini programs name them. */
export const START = 'startSoterAuthentication';
export const CHECK_SUPPORT = 'checkIsSupportSoterAuthentication';
export const CHECK_ENROLLED = 'checkIsSoterEnrolledInDevice';

export const CALLS = [START, CHECK_SUPPORT, CHECK_ENROLLED];
