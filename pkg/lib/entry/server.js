export { VerificationError } from '../server/verification-error.js';
export { verifyAssertion, verifyRegistration, verifyResult } from '../server/verify.js';
