/** @import { CheckEnrolledFailResult, CheckEnrolledResult, CheckSupportFailResult, CheckSupportResult } from '../../pkg/types/index.js' */
/** @import { StartFailResult, StartResult } from '../../pkg/types/index.js' */

/**
 * What each call answers, in success and in failure.
 *
 * @typedef {object} Answers
 * @property {[StartResult, StartFailResult]} startSoterAuthentication
 * @property {[CheckSupportResult, CheckSupportFailResult]} checkIsSupportSoterAuthentication
 * @property {[CheckEnrolledResult, CheckEnrolledFailResult]} checkIsSoterEnrolledInDevice
 */
/** @typedef {keyof Answers} CallName */
/** @typedef {Answers[CallName][number]} Answer */
/** @typedef {'callbacks' | 'promise'} AnswersBy */

/**
 * How a call of this name ended.
 *
 * @template {CallName} Name
 * @typedef {{ [Each in Name]: End<Each, true, Answers[Each][0]> | End<Each, false, Answers[Each][1]> }[Name]} EndOf
 */
/**
 * @template Name, Ok, Answer
 * @typedef {{ name: Name, ok: Ok, answer: Answer, ms: number }} End
 */
/** @typedef {{ kind: string, answer?: Answer, ms: number }} Report what came back: by which callback or from the promise, and when */

/**
 * Makes one call, by callbacks or for a promise, and tells `report` of everything that comes back, in its order. Resolves
 * with how the call ended.
 *
 * @template {CallName} Name
 * @param {Record<CallName, (options: object) => Promise<Answer>>} wx
 * @param {Name} name
 * @param {object} options
 * @param {AnswersBy} answersBy
 * @param {(report: Report) => void} report
 * @returns {Promise<EndOf<Name>>}
 */
export function makeCall(wx, name, options, answersBy, report) {
  const start = performance.now();
  /** @type {(kind: string, answer?: Answer) => void} */
  const tell = (kind, answer) => report({ kind, answer, ms: performance.now() - start });

  return new Promise(resolve => {
    /** @type {(ok: boolean, answer: Answer) => void} */
    const end = (ok, answer) => resolve(/** @type {EndOf<Name>} */ ({ name, ok, answer, ms: performance.now() - start }));

    if (answersBy === 'promise') {
      const promise = wx[name](options);
      tell('returned');
      promise.then(
        answer => {
          tell('resolved', answer);
          end(true, answer);
        },
        error => {
          tell('rejected', error);
          end(false, error);
        },
      );
      return;
    }

    let ok = false;
    wx[name]({
      ...options,
      success(/** @type {Answer} */ answer) {
        ok = true;
        tell('success', answer);
      },
      fail(/** @type {Answer} */ answer) {
        tell('fail', answer);
      },
      complete(/** @type {Answer} */ answer) {
        tell('complete', answer);
        end(ok, answer);
      },
    });
    tell('returned');
  });
}
