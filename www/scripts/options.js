/** @import { StartOptions } from '../../pkg/types/index.js' */
/** @import { CallName } from './calls.js' */
import { byId } from './by-id.js';
import { words } from './language.js';
import { requestedModes } from './settings.js';

const MAX_AUTH_CONTENT = 42;

const authContent = byId('auth-content', HTMLInputElement);
const challenge = byId('challenge', HTMLInputElement);
const length = byId('auth-content-length');

/**
 * The options of each call. Empty fields are left out, as a page that has nothing to say would.
 *
 * @param {CallName} name
 */
export function readOptions(name) {
  const modes = requestedModes();
  if (name === 'checkIsSupportSoterAuthentication') return {};
  if (name === 'checkIsSoterEnrolledInDevice') return modes.length ? { checkAuthMode: modes[0] } : {};
  /** @type {StartOptions} */
  const options = {};
  if (authContent.value) options.authContent = authContent.value;
  if (challenge.value) options.challenge = challenge.value;
  if (modes.length) options.requestAuthModes = modes;
  return options;
}

/** The example follows the language until somebody writes a text of their own. */
export function followLanguage() {
  let sample = authContent.value;
  document.addEventListener('words', () => {
    if (authContent.value !== sample) return;
    sample = words().sampleContent;
    authContent.value = sample;
    showLength();
  });
}

/** Too long a text may be sent all the same: the call says what is wrong with it. */
export function showLength() {
  length.textContent = `${authContent.value.length}/${MAX_AUTH_CONTENT}`;
  length.classList.toggle('over', authContent.value.length > MAX_AUTH_CONTENT);
}
