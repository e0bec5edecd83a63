/** @import { CheckEnrolledResult, CheckSupportResult, FailResult, Reason, StartResult } from '../types/index.js' */
import { attempt } from './attempt.js';

// Calls settle here and not in the module, because it has to work where the module does not: when WebAssembly is forbidden,
// and after a panic, when nothing in the module can be trusted.

/**
 * What the module does, and what each succeeds with: `src/result.rs`.
 *
 * @typedef {object} Answers
 * @property {StartResult} startSoterAuthentication
 * @property {CheckSupportResult} checkIsSupportSoterAuthentication
 * @property {CheckEnrolledResult} checkIsSoterEnrolledInDevice
 * @property {{ wasRemembered: boolean }} forgetKey
 */
/** @typedef {keyof Answers} Api */
/** @typedef {Answers[Api] | FailResult} Outcome */

/**
 * Calls that have not settled yet.
 *
 * @type {Set<Call>}
 */
const open = new Set();

/**
 * What a failure carries of a success, empty: what `src/result.rs` says, for when there is no module to say it.
 *
 * @type {Partial<Record<Api, object>>}
 */
const EMPTY = {
  startSoterAuthentication: { authMode: '', resultJSON: '', resultJSONSignature: '' },
  checkIsSupportSoterAuthentication: { supportMode: [] },
  checkIsSoterEnrolledInDevice: { isEnrolled: false },
};

/**
 * Reports an error of the page's, which stops nothing.
 *
 * @param {unknown} error
 */
export const report = error => attempt(() => (typeof reportError === 'function' ? reportError(error) : console.error(error)));

/** @type {(value: unknown) => value is Function} */
const isFunction = value => typeof value === 'function';

/**
 * @param {unknown} callback
 * @param {Outcome} outcome
 */
const run = (callback, outcome) => {
  // What is given as a callback and is none makes the call fail, and the others run.
  if (!isFunction(callback)) return;
  try {
    callback(outcome);
  } catch (error) {
    report(error);
  }
};

/**
 * One call, with its callbacks and its promise. The module sees `callbacks`, `signal`, `isOpen` and `settle` of it.
 *
 * @template {Api} [Name=Api]
 */
export class Call {
  /**
   * Reads the callbacks, once.
   *
   * @param {Name} api
   * @param {unknown} [options]
   */
  constructor(api, options) {
    this.api = api;
    /** Fires when the call settles: ends the browser's request, and takes the prompt away. */
    this.controller = attempt(() => new AbortController());
    this.signal = this.controller?.signal;
    /** @param {string} name */
    const callback = name => {
      // What throws when it is read is not there, and `null` is as good as nothing.
      if (typeof options === 'object') return attempt(() => /** @type {Record<string, unknown>} */ (options)[name]) ?? undefined;
    };
    const [success, fail, complete] = ['success', 'fail', 'complete'].map(callback);
    this.callbacks = { success, fail, complete };
    /**
     * What the call returns: whoever awaits it goes on after a success alone, callbacks or not.
     *
     * @type {Promise<Answers[Name]>}
     */
    this.returned = new Promise((resolve, reject) => {
      /**
       * @param {boolean} succeeded
       * @param {Outcome} outcome
       */
      this.deliver = (succeeded, outcome) => {
        run(succeeded ? success : fail, outcome);
        run(complete, outcome);
        if (succeeded) resolve(/** @type {Answers[Name]} */ (outcome));
        else reject(Object.assign(new Error(/** @type {FailResult} */ (outcome).errMsg), outcome));
      };
    });
    // Who takes callbacks need not look at the promise: its rejection is then no unhandled one.
    if ([success, fail, complete].some(isFunction)) this.returned.catch(() => {});
    open.add(this);
  }

  /** Whether it has not settled yet. */
  get isOpen() {
    return open.has(this);
  }

  /**
   * Settles, the first time; in a later microtask, so never before the call has returned.
   *
   * @param {boolean} succeeded
   * @param {Outcome | null} outcome null where the module could not write it
   */
  settle(succeeded, outcome) {
    // No call may hang because what it found could not be told.
    if (Object(outcome) !== outcome) return this.failInternally('internal', 'the outcome could not be written');
    if (!open.delete(this)) return;
    // First of all, since nothing that is tidied up may stand in its way.
    Promise.resolve().then(() => this.deliver(succeeded, /** @type {Outcome} */ (outcome)));
    attempt(() => this.controller?.abort());
  }

  /**
   * Fails without the module's help, with 90007.
   *
   * @param {string} words
   * @param {Reason} reason
   * @param {string} [detail]
   */
  fail(words, reason, detail) {
    const errMsg = `${this.api}:fail ${words}`;
    this.settle(false, { errMsg, errCode: 90007, reason, ...(detail && { detail }), ...EMPTY[this.api] });
  }

  /**
   * The row `fail internal error` of the error table.
   *
   * @param {Reason} reason
   * @param {string} [detail]
   */
  failInternally(reason, detail) {
    this.fail('internal error', reason, detail);
  }
}

/** How often all was abandoned. The state of an instance cannot be trusted after that, so the loader starts another. */
export let abandoned = 0;

/** Tells later whether all has been abandoned since. */
export const isAbandonedSince = () => {
  const before = abandoned;
  return () => abandoned !== before;
};

/**
 * Fails the calls that are open. After a panic nothing else would.
 *
 * @param {string} detail
 */
export const abandon = detail => {
  abandoned++;
  // Not those that a page begins meanwhile.
  for (const call of [...open]) call.failInternally('internal', detail);
};
