/** @import { AuthenticationJSON, StartResult } from '../types/index.js' */

/**
 * A result of `startSoterAuthentication` in the form that every WebAuthn server reads (WebAuthn Level 3, §5.1,
 * `AuthenticationResponseJSON`).
 *
 * @param {Pick<StartResult, 'resultJSON' | 'resultJSONSignature'>} result
 * @returns {AuthenticationJSON}
 */
export const toAuthenticationResponse = result => {
  let parsed;
  try {
    parsed = JSON.parse(result.resultJSON);
  } catch {
    // Told below.
  }
  if (!parsed || !parsed.webauthn || !result.resultJSONSignature) {
    throw new TypeError('toAuthenticationResponse needs a successful result of startSoterAuthentication with a challenge');
  }
  const { id, clientDataJSON, authenticatorData } = parsed.webauthn;
  return {
    id,
    rawId: id,
    type: 'public-key',
    response: {
      clientDataJSON,
      authenticatorData,
      signature: result.resultJSONSignature.replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, ''),
      userHandle: parsed.uid,
    },
    clientExtensionResults: {},
  };
};
