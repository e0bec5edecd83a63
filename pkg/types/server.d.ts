// Nothing of the page's types: a server has no DOM.

/** A key as it is to be stored: plain JSON, none of it secret. Binary values are base64url. */
export interface StoredKey {
  /** The key's id, which is `cpu_id` in a result. */
  id: string;
  /** The public key, as COSE. */
  publicKey: string;
  /** The highest signature counter seen; 0 where the authenticator keeps none. */
  counter: number;
  /** Whether the person was verified when the key was made. */
  uvInitialized: boolean;
  /** How the authenticator can be reached, says the browser. */
  transports: string[];
  /** Whether the key may be copied to other devices, as passkeys are. Never changes. */
  backupEligible: boolean;
  /** Whether it is, as last seen. */
  backedUp: boolean;
}

/** What is expected of anything that a page sends. */
export interface Expected {
  /**
   * The challenge that the server gave to the page, which must not be used again: the text itself, as it was given to
   * `wx.startSoterAuthentication`, or the bytes that were signed.
   */
  challenge: string | Uint8Array;
  /**
   * The page's origin, as browsers write it (`https://shop.example`), or several. An app's begins with
   * `android:apk-key-hash:` or `ios:bundle-id:`.
   */
  origin: string | readonly string[];
  /** The relying party id: the page's host, or what it has as `rpId`. */
  rpId: string;
  /** Where use in an iframe of another origin is expected: the origins of the pages around it. */
  topOrigin?: string | readonly string[];
  /** Whether the person has to be verified; `'required'` unless set. */
  userVerification?: 'required' | 'optional';
  /** What may be copied to other devices; `'allow'` unless set. `'refuse-eligible'` refuses synced passkeys. */
  backup?: 'allow' | 'refuse-backed-up' | 'refuse-eligible';
}

/** What is expected of a new key. */
export interface RegistrationOptions extends Expected {
  /**
   * The algorithms that were asked for, by their numbers in `pubKeyCredParams`: ES256 (-7), RS256 (-257) and EdDSA (-8) unless set, and
   * besides ES384 (-35), ES512 (-36), RS384 (-258), RS512 (-259), PS256 (-37), PS384 (-38) and PS512 (-39). A key that the host's WebCrypto
   * cannot use is refused as `public-key-unusable`.
   */
  algorithms?: readonly number[];
  /**
   * Which attestations are accepted: none at all, one of the key itself, one with certificates (whose issuer is not looked
   * at, so that they prove nothing for certain, and need both others), and formats that it does not know (`compound`, for one), which then
   * count as none. All but the last, unless set.
   */
  attestation?: { none?: boolean; self?: boolean; certificates?: boolean; unknownFormats?: boolean };
}

/** What is expected of an answer. */
export interface ResultOptions extends Expected {
  /** The key that has to have signed, or all of the user's, one of which has to. */
  key: StoredKey | readonly StoredKey[];
  /** The highest counter seen, where that is kept beside the key. Of the two the higher one counts. */
  counter?: number;
  /** The page's `user.id`, or its bytes, where the server knows it: a user handle in the answer must be that. */
  uid?: string | Uint8Array;
  /** What to do where a counter is kept and has not grown; `'refuse'` unless set. */
  onCounter?: 'refuse' | 'report';
}

/** A new key that holds. */
export interface VerifiedRegistration {
  /** What to store. The store must refuse an `id` that it has. */
  key: StoredKey;
  counter: number;
  userVerified: boolean;
  backedUp: boolean;
  /** What the authenticator's maker says; `uncertain` where nobody looked at who issued the certificates (DER, base64url). */
  attestation: { type: 'none' | 'self' | 'uncertain'; certificates: string[] };
  /** The authenticator's model, as it says itself. */
  aaguid: string;
}

/** An answer that holds. */
export interface VerifiedResult {
  /** The key with its new values, to be stored in place of the one that was given. */
  key: StoredKey;
  /** The counter that was signed. */
  counter: number;
  /** `not-increased` comes only with `onCounter: 'report'`: somebody may have a copy of the key. */
  counterState: 'not-kept' | 'increased' | 'not-increased';
  userVerified: boolean;
  backedUp: boolean;
}

/** Why something that was sent does not hold. */
export declare class VerificationError extends Error {
  private constructor();
  readonly name: 'VerificationError';
  /** A short text that does not change: `challenge-mismatch`. */
  readonly reason: string;
  /** The step that refuses it, for example `WebAuthn Level 3, §7.2 step 11`, where there is one. */
  readonly step: string | undefined;
}

/**
 * Checks a new key, as `onKeyCreated` got it.
 *
 * @param registration the object, or its JSON text
 * @returns a promise that resolves only if everything holds
 * @throws VerificationError where it does not; TypeError where an option is missing or wrong
 */
export declare function verifyRegistration(
  registration: string | object,
  options: RegistrationOptions,
): Promise<VerifiedRegistration>;

/**
 * Checks a result of `wx.startSoterAuthentication`: who answered, to this challenge, on this page, and that nobody edited it.
 *
 * @returns a promise that resolves only if everything holds
 * @throws VerificationError where it does not; TypeError where an option is missing or wrong
 */
export declare function verifyResult(
  result: { resultJSON: string; resultJSONSignature: string },
  options: ResultOptions,
): Promise<VerifiedResult>;

/**
 * Checks the same in WebAuthn's own form, as `toAuthenticationResponse` gives it, and any other passkey's answer.
 *
 * @param assertion the object, or its JSON text
 * @returns a promise that resolves only if everything holds
 * @throws VerificationError where it does not; TypeError where an option is missing or wrong
 */
export declare function verifyAssertion(
  assertion: string | object,
  options: ResultOptions,
): Promise<VerifiedResult>;
