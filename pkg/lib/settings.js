/** @import { Prompt, Settings } from '../types/index.js' */
/** @import { DeviceState } from './emulator/create-emulator.js' */
import { checks, complaintAbout, domainFor, isDomain, isFunction, isMissing, isTime, quoted } from './check.js';
import { showDialog } from './dialog/show-dialog.js';
import { AUTHENTICATORS, DIALECTS, MODES, PROMPTS } from './names.js';

/**
 * Settings that have been checked, ready for a call.
 *
 * @typedef {Omit<Settings, 'prompt'> & { prompt?: 'none' | Prompt, device?: DeviceState }} ReadySettings
 */

/**
 * The settings that there are.
 *
 * @type {(keyof Settings)[]}
 */
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
/** @type {('rpName' | 'lang')[]} */
const TEXTS = ['rpName', 'lang'];
/**
 * The members of `user`, all texts.
 *
 * @type {(keyof NonNullable<Settings['user']>)[]}
 */
const USER = ['id', 'name', 'displayName'];

/**
 * The same members in an object without a prototype: what a page has put on `Object.prototype` is no setting.
 *
 * @template T
 * @param {T} settings
 * @returns {T}
 */
const bare = settings => Object.assign(Object.create(null), settings);

/**
 * Whether somebody has set it; a class may have done so for its instances.
 *
 * @param {object} object
 * @param {string} name
 */
const isGiven = (object, name) => (name in Object.prototype ? Object.keys(object).includes(name) : name in object);

/**
 * The settings with the package's own dialog in them where they call for it.
 *
 * @param {Settings} settings that have been checked
 * @returns {ReadySettings}
 */
export const withDialog = settings => {
  const copy = bare(settings);
  const { prompt = 'dialog' } = copy;
  copy.prompt = prompt === 'dialog' ? showDialog : prompt;
  // It has no 'dialog' any more.
  return /** @type {ReadySettings} */ (copy);
};

/**
 * The settings, checked, as they were given and as they are now: what the page does to its object later changes nothing. The
 * module has no part in this, since it starts at the first call. It checks all values itself, for programs that go past this file.
 *
 * @template {Settings} T
 * @param {T | null | undefined} settings as they should be; whether they are is looked at here
 * @param {string} caller the function that got them
 * @param {Exclude<keyof T & string, keyof Settings>[]} [others] names that mean something to that function alone
 * @returns {T}
 * @throws TypeError where one is wrong, or where there is none of that name
 */
export const checkedCopy = (settings, caller, others = []) => {
  const { demand, demandObject, refuseUnknown } = checks(caller);
  settings ??= /** @type {T} */ ({});
  demandObject(settings, 'the settings');
  // What is looked at is what is kept: a getter may answer differently the next time. Members of a class count, too.
  /**
   * @template {object} O
   * @param {O} object
   * @param {(keyof O & string)[]} names
   * @returns {O} without what has another name
   */
  const read = (object, names) =>
    bare(/** @type {O} */ (Object.fromEntries(names.filter(name => isGiven(object, name)).map(name => [name, object[name]]))));
  refuseUnknown(settings, [...SETTINGS, ...others]);
  const copy = read(settings, [...SETTINGS, ...others]);
  /**
   * @template {string} Name
   * @param {Partial<Record<Name, unknown>>} object
   * @param {Name[]} names
   * @param {string} [prefix]
   */
  const demandTexts = (object, names, prefix = '') => {
    for (const name of names) {
      demand(isMissing(object[name]) || typeof object[name] === 'string', prefix + name, 'a string');
    }
  };
  demand(isMissing(copy.rpId) || isDomain(copy.rpId), 'rpId', domainFor(copy.rpId));
  demandTexts(copy, TEXTS);
  if (!isMissing(copy.user)) {
    demandObject(copy.user, 'user');
    refuseUnknown(copy.user, USER, 'user.');
    const user = (copy.user = read(copy.user, USER));
    demandTexts(user, USER, 'user.');
    demand(user.id !== '', 'user.id', 'a string that is not empty');
  }
  if (!isMissing(copy.modes)) {
    const modes = Array.isArray(copy.modes) ? [...copy.modes] : [];
    const expected = `a non-empty array of ${quoted(MODES)}${complaintAbout(modes, MODES)}`;
    demand(modes.length && modes.every(mode => MODES.includes(mode)), 'modes', expected);
    copy.modes = modes;
  }
  const { authenticators, timeout, prompt, storage, onKeyCreated, dialect } = copy;
  demand(
    isMissing(authenticators) || AUTHENTICATORS.includes(authenticators),
    'authenticators',
    `one of ${quoted(AUTHENTICATORS)}`,
  );
  demand(isMissing(timeout) || isTime(timeout, 1), 'timeout', 'a number of milliseconds, at least 1');
  demand(
    isMissing(prompt) || isFunction(prompt) || PROMPTS.includes(prompt),
    'prompt',
    `a function or one of ${quoted(PROMPTS)}`,
  );
  demand(
    isMissing(storage) || (storage && isFunction(storage.getItem) && isFunction(storage.setItem)),
    'storage',
    'an object with getItem and setItem',
  );
  demand(isMissing(onKeyCreated) || isFunction(onKeyCreated), 'onKeyCreated', 'a function');
  demand(isMissing(dialect) || DIALECTS.includes(dialect), 'dialect', `one of ${quoted(DIALECTS)}`);
  return copy;
};

/**
 * The same, ready for a call.
 *
 * @param {Settings | null | undefined} settings
 * @param {string} caller
 */
export const checkedSettings = (settings, caller) => withDialog(checkedCopy(settings, caller));
