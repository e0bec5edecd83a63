// Who is logged in: one of two, so that it can be seen that each has a key of their own. The switch stands for a log-in.

const form = document.getElementById('call');
const NAMES = { ann: 'Ann', bob: 'Bob' };

export const ACCOUNTS = Object.keys(NAMES);

/** How the account is called. The names are the same in both languages. */
export const nameOf = account => NAMES[account];

/** The account that is logged in. A browser that reloads a page may remember which it was. */
export const currentAccount = () => new FormData(form).get('account');

export const otherThan = account => ACCOUNTS.find(other => other !== account);

/** Runs `listener` when somebody else logs in. */
export const onAccount = listener => document.getElementById('accounts').addEventListener('change', listener);
