// Who is logged in: one of two, so that it can be seen that each has a key of their own. The switch stands for a log-in.

import { byId } from './by-id.js';

/** @typedef {keyof typeof NAMES} Account */

const form = byId('call', HTMLFormElement);
const NAMES = { ann: 'Ann', bob: 'Bob' };

export const ACCOUNTS = /** @type {Account[]} */ (Object.keys(NAMES));

/**
 * How the account is called. The names are the same in both languages.
 *
 * @param {Account} account
 */
export const nameOf = account => NAMES[account];

/** The account that is logged in. A browser that reloads a page may remember which it was. */
export const currentAccount = () => /** @type {Account} */ (new FormData(form).get('account'));

/** @param {Account} account */
export const otherThan = account => (account === 'ann' ? 'bob' : 'ann');

/**
 * Runs `listener` when somebody else logs in.
 *
 * @param {() => void} listener
 */
export const onAccount = listener => byId('accounts').addEventListener('change', listener);
