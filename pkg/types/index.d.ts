import type { AbortSignal, Module, Response, URL } from './platform.js';

/** With the plain script these are the members of the global `WxSoter`. */
export as namespace WxSoter;

/** What the person shows to the device. A browser never says which one it asks for. */
export type AuthMode = 'fingerPrint' | 'facial' | 'speech';

/** Why a call failed. */
export type Reason =
  | 'insecure-context'
  | 'no-webauthn'
  | 'invalid-host'
  | 'blocked-by-policy'
  | 'no-platform-authenticator'
  | 'mode-not-supported'
  | 'bad-challenge'
  | 'bad-auth-content'
  | 'bad-parameter'
  | 'enrolment-refused'
  | 'timeout'
  | 'busy'
  | 'webassembly-blocked'
  | 'not-focused'
  | 'internal'
  | 'cancelled'
  | 'not-allowed'
  | 'not-verified'
  | 'locked-out'
  | 'not-enrolled';

/** WeChat's error codes, as far as they occur here. */
export type ErrCode = 90001 | 90003 | 90004 | 90005 | 90007 | 90008 | 90009 | 90010 | 90011;

/** What `fail`, and then `complete`, gets. A rejected promise has an `Error` with these fields. */
export interface FailResult {
  /** The call's name, then WeChat's exact words, for example `startSoterAuthentication:fail cancel`. */
  errMsg: string;
  /** WeChat's number for it. */
  errCode: ErrCode;
  /** Why, for people and `switch` statements. */
  reason: Reason;
  /** The browser's own name and message, or what to change. */
  detail?: string;
}

/** What `startSoterAuthentication` answers when the person was verified. */
export interface StartResult {
  errMsg: string;
  errCode: 0;
  /** The first requested mode that is supported. */
  authMode: AuthMode;
  /** JSON text that holds the challenge, the counter and what is signed; `''` without a challenge. */
  resultJSON: string;
  /** The signature, base64; `''` without a challenge. */
  resultJSONSignature: string;
}

/** What `startSoterAuthentication` answers otherwise. */
export interface StartFailResult extends FailResult {
  authMode: '';
  resultJSON: '';
  resultJSONSignature: '';
}

/** What `checkIsSupportSoterAuthentication` answers where this page can run a ceremony. */
export interface CheckSupportResult {
  errMsg: string;
  errCode: 0;
  /** Empty only with `dialect: 'wechat'`, on a device that cannot verify anybody. */
  supportMode: AuthMode[];
}

/** What `checkIsSupportSoterAuthentication` answers otherwise. */
export interface CheckSupportFailResult extends FailResult {
  supportMode: [];
}

/** What `checkIsSoterEnrolledInDevice` answers. */
export interface CheckEnrolledResult {
  errMsg: string;
  errCode: 0;
  /** Whether a user-verifying authenticator is set up now. */
  isEnrolled: boolean;
}

/** What `checkIsSoterEnrolledInDevice` answers where nothing can run. */
export interface CheckEnrolledFailResult extends FailResult {
  isEnrolled: false;
}

/**
 * The callbacks of a call: `success` or `fail`, then `complete`, each once, with the same object, and never before the call
 * has returned. After them the call's promise settles. What is neither a function nor absent, such as a host's number for a
 * callback, makes the call fail with `bad-parameter`.
 */
export interface Callbacks<Success, Fail> {
  success?: ((result: Success) => void) | null | undefined;
  fail?: ((result: Fail) => void) | null | undefined;
  complete?: ((result: Success | Fail) => void) | null | undefined;
}

/** The options of `startSoterAuthentication`. */
export interface StartOptions extends Callbacks<StartResult, StartFailResult> {
  /** What the person is asked to confirm, at most 42 characters; shown in the dialog. */
  authContent?: string;
  /** What gets signed: 1 to 512 characters of well-formed Unicode, from your server, used once. */
  challenge?: string;
  /** The modes to choose from, in order of preference. */
  requestAuthModes?: AuthMode[];
}

/** The options of `checkIsSupportSoterAuthentication`. */
export interface CheckSupportOptions extends Callbacks<CheckSupportResult, CheckSupportFailResult> {}

/** The options of `checkIsSoterEnrolledInDevice`. */
export interface CheckEnrolledOptions extends Callbacks<CheckEnrolledResult, CheckEnrolledFailResult> {
  checkAuthMode?: AuthMode;
}

/**
 * The three calls and `canIUse`. None needs its `this`.
 *
 * Each call returns a promise, callbacks or not: it resolves with what `success` gets, and rejects with an `Error` that has
 * the fields of what `fail` gets. Where a callback was given, nobody has to look at the promise: its rejection is then no
 * unhandled one.
 */
export interface Wx {
  // Each has two forms and no type parameter, so that it stands for WeChat's, which gives nothing where there is a callback.
  /** Verifies the person on this device, now. */
  startSoterAuthentication(): Promise<StartResult>;
  /**
   * Verifies the person on this device, now. Who awaits it goes on after a success alone.
   *
   * @example
   * const { resultJSON, resultJSONSignature } = await wx.startSoterAuthentication({ challenge, authContent: 'Log in' })
   */
  startSoterAuthentication(options: StartOptions | null | undefined): Promise<StartResult>;
  /** Whether this page can run a ceremony on this device. */
  checkIsSupportSoterAuthentication(): Promise<CheckSupportResult>;
  /** Whether this page can run a ceremony on this device. */
  checkIsSupportSoterAuthentication(options: CheckSupportOptions | null | undefined): Promise<CheckSupportResult>;
  /** Whether a user-verifying authenticator is set up on this device. */
  checkIsSoterEnrolledInDevice(): Promise<CheckEnrolledResult>;
  /** Whether a user-verifying authenticator is set up on this device. */
  checkIsSoterEnrolledInDevice(options: CheckEnrolledOptions | null | undefined): Promise<CheckEnrolledResult>;
  /** Whether a call, option, result or value is there: `startSoterAuthentication.object.challenge`. */
  canIUse(schema: string): boolean;
}

/** What a prompt gets. */
export interface PromptRequest {
  authContent: string;
  authMode: AuthMode;
  /** The setting of that name. */
  lang?: string;
  /** Fires when the call settles; the prompt must then be gone. */
  signal: AbortSignal;
  /** Ends the ceremony: the call fails with `cancelled`. */
  cancel(): void;
}

/** A prompt that can ask for a click, for browsers that open the system's dialog only within one. */
export interface ClickPrompt {
  /** Shows a button, and resolves in its click. */
  askForClick(): Promise<void>;
}

/** Shows what the person is asked for while the system asks. What it throws, or a promise that rejects, fails the call. */
export type Prompt = (request: PromptRequest) => void | ClickPrompt | Promise<unknown>;

/** A new key in the standard form (WebAuthn Level 3, §5.1, `RegistrationResponseJSON`). */
export interface RegistrationJSON {
  id: string;
  rawId: string;
  type: 'public-key';
  response: {
    clientDataJSON: string;
    attestationObject: string;
    authenticatorData: string;
    transports: string[];
    publicKey: string;
    publicKeyAlgorithm: number;
  };
  authenticatorAttachment?: string;
  clientExtensionResults: {};
}

/** A signed result in the standard form (WebAuthn Level 3, §5.1, `AuthenticationResponseJSON`). */
export interface AuthenticationJSON {
  id: string;
  rawId: string;
  type: 'public-key';
  response: {
    clientDataJSON: string;
    authenticatorData: string;
    signature: string;
    userHandle: string;
  };
  clientExtensionResults: {};
}

/** What `onKeyCreated` gets beside the registration. */
export interface NewKey {
  /** The new key's user handle, base64url: random, and different for each key. Results have it as `uid`. */
  uid: string;
}

/** The settings of `createWx`, all optional. */
export interface Settings {
  /** The relying party id, a domain such as `shop.example`; the page's host unless set. */
  rpId?: string;
  /** The relying party's name, shown by some authenticators. */
  rpName?: string;
  /**
   * Whose key it is. Each `id` has a key of its own on this device; without one, or with `undefined`, all who use this site
   * here share a key. The id is not in the key's user handle. The system's dialogs may show the name and the display name,
   * or the id where there are none.
   */
  user?: { id?: string; name?: string; displayName?: string };
  /** `'any'` lets security keys and phones answer too. */
  authenticators?: 'platform' | 'any';
  /** The modes that `supportMode` lists; the usual ones of the operating system unless set. */
  modes?: AuthMode[];
  /** How long a whole call may take, in milliseconds; 60,000 unless set. */
  timeout?: number;
  /** What the person sees besides the system's own dialog. */
  prompt?: 'dialog' | 'none' | Prompt;
  /** The language of the dialog, a BCP 47 tag; the page's, else the browser's, unless set. */
  lang?: string;
  /** Where the key is remembered; `localStorage` unless set. */
  storage?: { getItem(key: string): string | null; setItem(key: string, value: string): void };
  /** Gets each new key before the first success; the key is kept only if this resolves. */
  onKeyCreated?: (registration: RegistrationJSON, key: NewKey) => unknown;
  /** Whose contract to follow where WeChat's and others differ. */
  dialect?: 'any' | 'wechat' | 'tcmpp';
}

/** What `install` takes besides the settings. */
export interface InstallOptions extends Settings {
  /** Replaces methods that are there already. */
  override?: boolean;
}

/** Where the module is: bytes, a compiled module, a response, an address, or a promise of one of these. */
export type ModuleSource =
  | ArrayBuffer
  | ArrayBufferView
  | Module
  | Response
  | URL
  | string
  | Promise<ArrayBuffer | ArrayBufferView | Module | Response | URL | string>;

/** The calls with default settings. Touches nothing global. */
export declare const wx: Wx;

/**
 * The calls with your settings, which are read once, at this moment.
 *
 * @throws TypeError where a setting is wrong, or where there is none of that name
 */
export declare function createWx(settings?: Settings): Wx;

/**
 * Puts the calls and `canIUse` on an object, and returns it. Methods that the object already has are kept, unless `override` is
 * true. Without settings they are the calls of `wx`.
 *
 * @throws TypeError where a setting is wrong or does not exist.
 */
export declare function install<T extends object>(target: T, options?: InstallOptions): T & Wx;

/**
 * Changes the settings of `wx` for all calls from now on. With the plain script and with `wx-soter/auto` that is the global
 * `wx`. Calls that `install` has put on an object without settings of their own change with it. Settings that are not named
 * stay as they are.
 *
 * @throws TypeError where a setting is wrong or does not exist; then all stay as they are.
 */
export declare function configure(settings: Settings): void;

/** What `forgetKey` takes besides the settings. */
export interface ForgetOptions {
  /**
   * Whether to tell the browser that no server knows the key, if it supports that
   * (`PublicKeyCredential.signalUnknownCredential`). True unless set.
   */
  signalUnknownCredential?: boolean;
}

/**
 * Forgets the key that is remembered under these settings, or those of `wx`, so that the next start makes another. For keys that
 * your server does not know, or does not know any more.
 *
 * @returns whether a key was remembered
 */
export declare function forgetKey(settings?: Settings, options?: ForgetOptions): Promise<boolean>;

/** Whether a call, option, result or value is there. */
export declare function canIUse(schema: string): boolean;

/**
 * Starts the module before the first call does. `wx-soter/slim` has no module inside, and has to be told where it is.
 * Rejects where the module cannot start.
 */
export declare function init(source?: ModuleSource): Promise<void>;

/**
 * A result in the standard form, for any WebAuthn server. The challenge it signs is the UTF-8 of `challenge`.
 *
 * @throws TypeError where the result has no signed part: it failed, or there was no challenge.
 */
export declare function toAuthenticationResponse(
  result: Pick<StartResult, 'resultJSON' | 'resultJSONSignature'>,
): AuthenticationJSON;
