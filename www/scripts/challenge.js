// The challenge in its field: the server's where there is one, or a random text that nobody checks.

/** @import { Account } from './accounts.js' */
import { byId } from './by-id.js';
import { hasServer, issueChallenge } from './server.js';

const BYTES = 18;
const field = byId('challenge', HTMLInputElement);
/** @typedef {{ text: string, account?: Account, useBefore?: number }} Made what is no server's has its text alone */

/** @type {Made} */
let issued = { text: '' };
/** @type {object | undefined} */
let latest;

/**
 * Puts a new challenge for the account into the field, unless somebody writes there meanwhile or wants another.
 *
 * @param {Account} account
 */
export async function renewChallenge(account) {
  const asked = (latest = {});
  const before = field.value;
  const made = hasServer() ? await fromServer(account) : { text: random() };
  if (asked !== latest || field.value !== before) return;
  issued = made;
  field.value = made.text;
}

/** Whether the field holds a challenge of the server. */
export const isIssued = () => issued.useBefore !== undefined && field.value === issued.text;

/**
 * Whether what the server issued is another account's, or may be over before somebody slow has answered.
 *
 * @param {Account} account
 */
export const isStale = account => isIssued() && (issued.account !== account || Date.now() > (issued.useBefore ?? 0));

/**
 * @param {Account} account
 * @returns {Promise<Made>}
 */
async function fromServer(account) {
  try {
    const { challenge, expires_in } = await issueChallenge(account);
    return { account, text: challenge, useBefore: Date.now() + expires_in * 500 };
  } catch {
    // Whether the server is there matters when the result is checked, and is told then.
    return { text: random() };
  }
}

function random() {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}
