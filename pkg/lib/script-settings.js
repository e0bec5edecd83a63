/** @import { Settings } from '../types/index.js' */
import { nearest } from './check.js';
import { ownScript } from './own-script.js';

/** The attributes that are settings, as `dataset` names them. */
const ATTRIBUTES = [
  'rpId',
  'rpName',
  'userId',
  'userName',
  'userDisplayName',
  'authenticators',
  'modes',
  'timeout',
  'prompt',
  'lang',
  'dialect',
];

const UNKNOWN =
  'wx-soter: the tag that this script came from cannot be told, so its data-* attributes are not read: call WxSoter.configure(settings)';

/**
 * `userId` as it stands in the markup: `data-user-id`.
 *
 * @param {string} name
 */
const inMarkup = name => `data-${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;

/**
 * Says on the console which attributes look like one of ours and are none. It may not be more than that: others put their
 * own on every script of a page, as Cloudflare does with `data-cfasync`.
 *
 * @param {object} dataset
 */
const warnOfSlips = dataset => {
  for (const name of Object.keys(dataset)) {
    const meant = !ATTRIBUTES.includes(name) && nearest(name, ATTRIBUTES);
    if (meant) console.warn(`wx-soter: there is no attribute ${inMarkup(name)}; did you mean ${inMarkup(meant)}?`);
  }
};

/**
 * The settings in the `data-*` attributes of the script that is running.
 *
 * @returns {Settings} as they are written there: `configure` says what is wrong with them
 */
export const scriptSettings = () => {
  const script = ownScript();
  if (!script) {
    // Where there is no document, there is no tag either.
    if (globalThis.document) console.warn(UNKNOWN);
    return {};
  }
  warnOfSlips(script.dataset);
  // An empty one is as good as none: templates write it where they have nothing to put in.
  const set = Object.fromEntries(ATTRIBUTES.map(name => [name, script.getAttribute(inMarkup(name)) || undefined]));
  const { rpId, rpName, userId, userName, userDisplayName, authenticators, modes, timeout, prompt, lang, dialect } = set;
  return /** @type {Settings} */ ({
    rpId,
    rpName,
    user: { id: userId, name: userName, displayName: userDisplayName },
    authenticators,
    modes: modes && modes.split(',').map(mode => mode.trim()),
    timeout: timeout && +timeout,
    prompt,
    lang,
    dialect,
  });
};
