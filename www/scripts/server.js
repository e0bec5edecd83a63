// The way to this page's own server, where there is one. It holds the access token of soter-server and knows whose session
// this is; this page knows neither.

/** @import { RegistrationJSON, StartResult } from '../../pkg/types/index.js' */
/** @import { Account } from './accounts.js' */

const LOOK_FOR = 3000;
const WAIT_FOR = 20000;
/** What soter-server says of somebody who has no key: WeChat's "invalid openid". */
const NO_KEYS = 40003;

let there = false;
/** @type {string | undefined} */
let refusal;

/** Whether a server checks results here. */
export const hasServer = () => there;

/** Looks for it, once. It says which origin it serves, since it takes no results of another. */
export async function findServer() {
  const about = await ask('GET', 'about.json', undefined, LOOK_FOR).catch(() => undefined);
  there = about?.origin === location.origin;
}

/**
 * Good for one new key and one result of the account; `expires_in` is in seconds.
 *
 * @param {Account} account
 * @returns {Promise<{ challenge: string, expires_in: number }>}
 */
export async function issueChallenge(account) {
  const issued = await ask('POST', `${account}/challenge`, {});
  if (!issued.challenge) throw new Error(issued.errmsg);
  return issued;
}

/**
 * The `onKeyCreated` of an account: a key that the server refuses is not kept, and the call fails.
 *
 * @param {Account} account
 * @returns {(registration: RegistrationJSON) => Promise<void>}
 */
export const registrarOf = account =>
  async function registerKey(registration) {
    refusal = 'silent';
    const { is_ok, reason, errmsg } = await ask('POST', `${account}/keys`, { registration });
    if (is_ok === true) return;
    refusal = reason;
    throw new Error(reason ?? errmsg);
  };

/** Why the server refused the latest new key: one of its reasons; `silent` where it said nothing. */
export const whyRefused = () => refusal;

/** @typedef {{ ok: boolean, reason?: string }} Verdict */

/**
 * Has a result checked, as one of the account. Rejects where there is no verdict.
 *
 * @param {Pick<StartResult, 'resultJSON' | 'resultJSONSignature'>} signed
 * @param {Account} account
 * @returns {Promise<Verdict>}
 */
export async function verify({ resultJSON, resultJSONSignature }, account) {
  const { errcode, is_ok, reason, errmsg } = await ask('POST', `${account}/verify`, { resultJSON, resultJSONSignature });
  if (errcode === NO_KEYS) return { ok: false, reason: 'credential-unknown' };
  if (errcode !== 0) throw new Error(errmsg);
  return { ok: is_ok === true, reason };
}

/**
 * Has the server forget all keys of the account, and says whether it had any.
 *
 * @param {Account} account
 */
export async function forgetAtServer(account) {
  const { errcode, errmsg } = await ask('DELETE', `${account}/keys`);
  if (errcode !== 0 && errcode !== NO_KEYS) throw new Error(errmsg);
  return errcode === 0;
}

/**
 * @param {'GET' | 'POST' | 'DELETE'} method
 * @param {string} path
 * @param {object} [content]
 * @param {number} [limit] how long to wait, in milliseconds
 * @returns {Promise<any>} the answer, as soter-server has it for that call
 */
async function ask(method, path, content, limit = WAIT_FOR) {
  const headers = content && { 'content-type': 'application/json' };
  const body = content && JSON.stringify(content);
  const signal = AbortSignal.timeout?.(limit);
  const response = await fetch(`api/${path}`, { method, headers, body, signal, cache: 'no-store' });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.json();
}
