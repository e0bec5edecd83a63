import type { AuthMode, Prompt, Settings, Wx } from './index.js';

/**
 * What the person does when the device asks.
 *
 * - `accept` shows the right finger or face.
 * - `cancel` presses cancel: 90008, `cancelled`.
 * - `mismatch` shows another finger or face: nothing is called back, and the device asks again. Five in a row lock it for
 *   30 seconds: 90010, `locked-out`.
 * - `ignore` does nothing, until the call's `timeout`: 90007.
 * - `not-verified` makes the authenticator answer without having verified anybody, which the call must not take: 90009.
 *
 * The others make the call fail for the reason of that name.
 */
export type UserAction =
  | 'accept'
  | 'cancel'
  | 'mismatch'
  | 'ignore'
  | 'not-verified'
  | 'insecure-context'
  | 'no-webauthn'
  | 'invalid-host'
  | 'blocked-by-policy'
  | 'not-focused'
  | 'not-allowed'
  | 'timeout'
  | 'locked-out';

/** What the device shows when it asks. */
export interface UserRequest {
  /** The option of that name; empty where there is none. */
  authContent: string;
  /** The mode that is asked for. */
  authMode: AuthMode;
  /** Which time this call asks: 1 at first, and one more after each mismatch. */
  attempt: number;
}

/** The user: always the same, or asked at every attempt. A function that throws makes the call fail with `internal`. */
export type User = UserAction | ((request: UserRequest) => UserAction | Promise<UserAction>);

/** The settings of `createEmulator`, all optional. */
export interface EmulatorSettings {
  /** The modes that the device has sensors for: `['fingerPrint', 'facial']` unless set. With an empty array it has none. */
  supportMode?: AuthMode[];
  /** What is enrolled at the beginning; all of `supportMode` unless set. */
  enrolled?: AuthMode[];
  /** Whose contract to follow where WeChat's and others differ. */
  dialect?: 'any' | 'wechat' | 'tcmpp';
  /** The person who stands before the device; `'accept'` unless set. */
  user?: User;
  /** How long the person takes for each answer, in milliseconds; 0 unless set. */
  delay?: number;
  /** Makes keys and results repeatable: the same calls on devices of the same seed give the same bytes. */
  seed?: string | number;
  /** The relying party id; the host of `origin` unless set. */
  rpId?: string;
  /**
   * The origin that results name. Unless set, it is `https://` and the `rpId`, or `https://emulator.example` where that is
   * not set either.
   */
  origin?: string;
  /** How long a whole call may take, in milliseconds; 60,000 unless set. */
  timeout?: number;
  /** Gets each new key before the first success; the key is kept only if this resolves. */
  onKeyCreated?: Settings['onKeyCreated'];
  /** What is shown while the person is asked; `'none'` unless set. */
  prompt?: 'dialog' | 'none' | Prompt;
  /**
   * Whether to say on the console, once a page or process, that this is an emulator and protects nothing; `true` unless
   * set. Its keys say so in any case: their AAGUID is the emulator's, and servers can refuse it.
   */
  warn?: boolean;
}

/** A device in software. It protects nothing. */
export interface Emulator {
  /** The calls, to put wherever a host has them. None needs its `this`. */
  readonly wx: Wx;
  readonly isEmulator: true;
  /**
   * Puts the calls and `canIUse` on a host's object, and returns it. Methods that the object already has are kept, unless
   * `override` is true. Its own `canIUse` still answers for everything else.
   */
  install<T extends object>(target: T, options?: { override?: boolean }): T & Wx;
  /** The person, who may change at any time. */
  user: User;
  /** What the device has sensors for. */
  readonly supportMode: AuthMode[];
  /** What is enrolled now. */
  readonly enrolled: AuthMode[];
  /** Enrols a finger or a face. */
  enroll(mode: AuthMode): void;
  /** Removes it. */
  remove(mode: AuthMode): void;
  /** Unlocks the device after too many mismatches, and counts from zero again. */
  unlock(): void;
  /** Forgets the key that the calls remember, so that the next start makes another; resolves with whether there was one. */
  forgetKey(): Promise<boolean>;
}

/**
 * Makes a device in software: the same calls through the same code as in a browser, over an authenticator that holds real
 * keys and really signs. Devices share nothing.
 *
 * @example
 * const device = createEmulator({ user: 'cancel' })
 * await device.wx.startSoterAuthentication({ challenge }).catch(error => error.errCode) // 90008
 *
 * @throws TypeError where a setting is wrong, or where there is none of that name
 */
export declare function createEmulator(settings?: EmulatorSettings): Emulator;
