/** @import { EmulatorSettings, User, UserAction } from '../../types/emulator.js' */
/** @import { AuthMode } from '../../types/index.js' */
import { checks, complaintAbout, domainFor, isDomain, isFunction, isMissing, isTime, quoted } from '../check.js';
import { DIALECTS, MODES, PROMPTS } from '../names.js';

/**
 * The settings that there are.
 *
 * @type {(keyof EmulatorSettings)[]}
 */
const SETTINGS = [
  'supportMode',
  'enrolled',
  'dialect',
  'user',
  'delay',
  'seed',
  'rpId',
  'origin',
  'timeout',
  'onKeyCreated',
  'prompt',
  'warn',
];

/**
 * What a person may do: see `emulator/src/user.rs`.
 *
 * @type {UserAction[]}
 */
const ACTIONS = [
  'accept',
  'cancel',
  'mismatch',
  'ignore',
  'not-verified',
  'insecure-context',
  'no-webauthn',
  'invalid-host',
  'blocked-by-policy',
  'not-focused',
  'not-allowed',
  'timeout',
  'locked-out',
];

const { complain, demand, demandObject, refuseUnknown } = checks('createEmulator');

/** @param {unknown} value */
const isText = value => typeof value === 'string' && value !== '';

/**
 * A list of modes, each once.
 *
 * @param {string} name
 * @param {AuthMode[]} modes
 * @param {AuthMode[]} among those that may be in it
 */
const checkedModes = (name, modes, among) => {
  const all = Array.isArray(modes) && [...modes];
  const expected = `an array of ${quoted(among)}${complaintAbout(all || [], among)}`;
  demand(all && all.every(mode => among.includes(mode)), name, among.length ? expected : 'empty');
  return [...new Set(modes)];
};

/** @param {User} user */
export const checkedUser = user => {
  demand(isFunction(user) || ACTIONS.includes(user), 'user', `a function or one of ${quoted(ACTIONS)}`);
  return user;
};

/**
 * @param {AuthMode} mode
 * @param {AuthMode[]} supportMode
 */
export const checkedMode = (mode, supportMode) => {
  if (!supportMode.includes(mode)) complain(`this device supports ${quoted(supportMode) || 'no mode'}, not ${String(mode)}`);
  return mode;
};

/**
 * Whether it is an origin as browsers write it.
 *
 * @param {string} origin
 */
const isOrigin = origin => {
  try {
    const url = new URL(origin);
    return /^https?:$/.test(url.protocol) && url.origin === origin;
  } catch {
    return false;
  }
};

/**
 * @param {string} origin
 * @param {string | undefined} rpId
 */
const checkedOrigin = (origin, rpId) => {
  demand(isOrigin(origin), 'origin', "a web page's, such as 'https://shop.example', with no slash at its end");
  const belongs = isMissing(rpId) || `.${new URL(origin).hostname}`.endsWith(`.${rpId}`);
  demand(belongs, 'rpId', `the host of ${origin}, or a domain above it`);
  return origin;
};

/**
 * The settings of an emulator, checked, with those that are not set filled in.
 *
 * @param {EmulatorSettings} [settings]
 */
export const checked = (settings = {}) => {
  demandObject(settings, 'the settings');
  refuseUnknown(settings, SETTINGS);
  const {
    supportMode = ['fingerPrint', 'facial'],
    enrolled = supportMode,
    dialect,
    user = 'accept',
    delay = 0,
    seed,
    rpId,
    origin = `https://${rpId || 'emulator.example'}`,
    timeout,
    onKeyCreated,
    prompt = 'none',
    warn = true,
  } = settings;
  const modes = checkedModes('supportMode', supportMode, MODES);
  demand(isMissing(dialect) || DIALECTS.includes(dialect), 'dialect', `one of ${quoted(DIALECTS)}`);
  demand(isTime(delay, 0), 'delay', 'a number of milliseconds');
  demand(isMissing(seed) || isText(seed) || Number.isFinite(seed), 'seed', 'a text or a number');
  demand(isMissing(rpId) || isDomain(rpId), 'rpId', domainFor(rpId));
  demand(isMissing(timeout) || isTime(timeout, 1), 'timeout', 'a number of milliseconds, at least 1');
  demand(isMissing(onKeyCreated) || isFunction(onKeyCreated), 'onKeyCreated', 'a function');
  demand(isFunction(prompt) || PROMPTS.includes(prompt), 'prompt', `a function or one of ${quoted(PROMPTS)}`);
  demand(typeof warn === 'boolean', 'warn', 'true or false');
  return {
    supportMode: modes,
    enrolled: checkedModes('enrolled', enrolled, modes),
    dialect,
    user: checkedUser(user),
    delay,
    seed,
    rpId,
    origin: checkedOrigin(origin, rpId),
    timeout,
    onKeyCreated,
    prompt,
    warn,
  };
};
