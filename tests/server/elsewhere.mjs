// The opinion of somebody else's server code on what soter-server judges.
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { toAuthenticationResponse } from '../../pkg/dist/index.js';

const RP_ID = 'localhost';
const base64url = text => Buffer.from(text, 'utf8').toString('base64url');

/** A server of one key: `registers` and `accepts` resolve with its verdicts. */
export const elsewhere = origin => {
  const expected = { expectedOrigin: origin, expectedRPID: RP_ID, requireUserVerification: true };
  let credential;
  return {
    registers: async (response, challenge) => {
      const verification = verifyRegistrationResponse({ ...expected, response, expectedChallenge: base64url(challenge) });
      const { verified, registrationInfo } = await verification.catch(() => ({ verified: false }));
      if (verified) ({ credential } = registrationInfo);
      return verified;
    },
    accepts: async (result, challenge) => {
      try {
        const response = toAuthenticationResponse(result);
        // It leaves this comparison to its caller.
        if (response.id !== credential.id) return false;
        const { verified, authenticationInfo } = await verifyAuthenticationResponse({
          ...expected,
          response,
          credential,
          expectedChallenge: base64url(challenge),
        });
        if (verified) credential.counter = authenticationInfo.newCounter;
        return verified;
      } catch {
        return false;
      }
    },
  };
};
