import { checks, isFunction, isMissing, isTime, quoted } from './check.js';
import { showDialog } from './dialog.js';
import { AUTHENTICATORS, DIALECTS, MODES, PROMPTS } from './names.js';

/** The settings that there are. */
const SETTINGS = [
  'rpId',
  'rpName',
  'user',
  'authenticators',
  'modes',
  'timeout',
  'prompt',
  'lang',
  'storage',
  'onKeyCreated',
  'dialect',
];
const TEXTS = ['rpId', 'rpName', 'lang'];
/** The members of `user`, all texts. */
const USER = ['id', 'name', 'displayName'];
/** The longest `user.id`, in bytes: that of a user handle (WebAuthn Level 3, §5.4.3). */
const USER_ID_MAX = 64;

/**
 * The settings with the package's own dialog in them where they call for it.
 *
 * @param {any} settings
 */
export const withDialog = settings => {
  const { prompt = 'dialog' } = settings;
  return { ...settings, prompt: prompt === 'dialog' ? showDialog : prompt };
};

/**
 * The settings, checked, as they are now: what the page does to its object later changes nothing. The module has no part in
 * this, since it starts at the first call. It checks all values itself, for programs that go past this file.
 *
 * @param {any} settings
 * @param {string} caller the function that got them
 * @param {string[]} [others] names that mean something to that function alone
 * @throws TypeError where one is wrong, or where there is none of that name
 */
export const checkedSettings = (settings, caller, others = []) => {
  const { demand, demandObject, refuseUnknown } = checks(caller);
  settings ??= {};
  demandObject(settings, 'the settings');
  // What is looked at is what is kept: a getter may answer differently the next time.
  const copy = { ...settings };
  refuseUnknown(copy, [...SETTINGS, ...others]);
  const demandTexts = (object, names, prefix = '') => {
    for (const name of names) {
      demand(isMissing(object[name]) || typeof object[name] === 'string', prefix + name, 'a string');
    }
  };
  demandTexts(copy, TEXTS);
  if (!isMissing(copy.user)) {
    demandObject(copy.user, 'user');
    const user = (copy.user = { ...copy.user });
    refuseUnknown(user, USER, 'user.');
    demandTexts(user, USER, 'user.');
    const bytes = isMissing(user.id) ? 1 : new TextEncoder().encode(user.id).length;
    demand(bytes >= 1 && bytes <= USER_ID_MAX, 'user.id', `1 to ${USER_ID_MAX} bytes of UTF-8`);
  }
  if (!isMissing(copy.modes)) {
    const modes = Array.isArray(copy.modes) ? [...copy.modes] : [];
    demand(modes.length && modes.every(mode => MODES.includes(mode)), 'modes', `a non-empty array of ${quoted(MODES)}`);
    copy.modes = modes;
  }
  const { authenticators, timeout, prompt, storage, onKeyCreated, dialect } = copy;
  demand(isMissing(authenticators) || AUTHENTICATORS.includes(authenticators), 'authenticators', `one of ${quoted(AUTHENTICATORS)}`);
  demand(isMissing(timeout) || isTime(timeout, 1), 'timeout', 'a number of milliseconds, at least 1');
  demand(isMissing(prompt) || isFunction(prompt) || PROMPTS.includes(prompt), 'prompt', `a function or one of ${quoted(PROMPTS)}`);
  demand(
    isMissing(storage) || (storage && isFunction(storage.getItem) && isFunction(storage.setItem)),
    'storage',
    'an object with getItem and setItem',
  );
  demand(isMissing(onKeyCreated) || isFunction(onKeyCreated), 'onKeyCreated', 'a function');
  demand(isMissing(dialect) || DIALECTS.includes(dialect), 'dialect', `one of ${quoted(DIALECTS)}`);
  return withDialog(copy);
};
