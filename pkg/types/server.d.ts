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
  /** How the authenticator can be reached, as the browser says. */
  transports: string[];
  /** Whether the key may be copied to other devices, as passkeys are. Never changes. */
  backupEligible: boolean;
  /** Whether it has been copied, as last seen. */
  backedUp: boolean;
}

/** A key as it was stored, or without its counter if you keep that apart: see `counter` of `ResultOptions`. */
export type KnownKey = Omit<StoredKey, 'counter'> & { counter?: number | undefined };

/** What is expected of anything that a page sends. */
export interface Expected {
  /**
   * The challenge that the server gave to the page: the text, as `wx.startSoterAuthentication` got it, or the bytes that
   * were signed. Accept each challenge once.
   */
  challenge: string | Uint8Array;
  /**
   * The page's origin, as browsers write it (`https://shop.example`), or several. An app's begins with
   * `android:apk-key-hash:` or `ios:bundle-id:`.
   */
  origin: string | readonly string[];
  /** The relying party id: the page's host, or the `rpId` that the page has set. */
  rpId: string;
  /** The origins of the pages around it, if the page may be in an iframe of another origin. */
  topOrigin?: string | readonly string[];
  /** Whether the person has to be verified; `'required'` unless set. */
  userVerification?: 'required' | 'optional';
  /**
   * Whether a key may be one that can be copied to other devices, as synced passkeys can; `'allow'` unless set.
   * `'refuse-eligible'` refuses every such key, `'refuse-backed-up'` only those that have been copied.
   */
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
   * Which kinds of attestation are accepted. `none`: there is none. `self`: the key signed its own. `certificates`: it
   * comes with certificates. Nobody checks who issued them, so they prove nothing for certain, and are accepted only if
   * `none` and `self` are. `unknownFormats`: its format is not known here (for example `android-safetynet`); it then counts
   * as none. Unless set, unknown formats are refused and the others accepted. `compound` is for the format of that name, which
   * holds several statements: `'all'` of them have to be accepted, or `'any'` one. Unless set, it is an unknown format.
   */
  attestation?: {
    none?: boolean;
    self?: boolean;
    certificates?: boolean;
    compound?: 'all' | 'any';
    unknownFormats?: boolean;
  };
}

/** What is expected of an answer. */
export interface ResultOptions extends Expected {
  /**
   * The key that must have signed; or all keys of the user, one of which must have. As stored; one key alone may be without
   * its counter if you give that below.
   */
  key: KnownKey | readonly [KnownKey] | readonly StoredKey[];
  /**
   * The highest counter seen, if you keep it apart from the key. If the key's own is higher, that one counts. It is for one
   * key: of several, each has its own in it.
   */
  counter?: number;
  /**
   * The key's user handle as bytes, if you keep it: the `uid` that `onKeyCreated` got, decoded. A text stands for its
   * UTF-8. If the answer has a user handle, it must be this one.
   */
  uid?: string | Uint8Array;
  /** What to do if the authenticator counts and its counter has not grown; `'refuse'` unless set. */
  onCounter?: 'refuse' | 'report';
}

/** A new key that holds. */
export interface VerifiedRegistration {
  /** What to store. Refuse an `id` that is stored already. */
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
  /** A short text that does not change, for example `challenge-mismatch`. */
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
 * Checks a result of `wx.startSoterAuthentication`: that a key of the user's has signed it, for this challenge and on this
 * page, and that nobody has edited it.
 *
 * @returns a promise that resolves only if everything holds
 * @throws VerificationError where it does not; TypeError where an option is missing or wrong
 */
export declare function verifyResult(
  result: { resultJSON: string; resultJSONSignature: string },
  options: ResultOptions,
): Promise<VerifiedResult>;

/**
 * Checks the same in WebAuthn's own form: what `toAuthenticationResponse` gives, or the answer of any other passkey.
 *
 * @param assertion the object, or its JSON text
 * @returns a promise that resolves only if everything holds
 * @throws VerificationError where it does not; TypeError where an option is missing or wrong
 */
export declare function verifyAssertion(
  assertion: string | object,
  options: ResultOptions,
): Promise<VerifiedResult>;
