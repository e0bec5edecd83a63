/** @import { AuthMode, Settings } from '../../pkg/types/index.js' */
/** @import { Account } from './accounts.js' */
/** @import { AnswersBy } from './calls.js' */
import { byId } from './by-id.js';
import { showOwnPrompt } from './own-prompt.js';
import { hasServer, registrarOf } from './server.js';

const form = byId('settings', HTMLFormElement);

/**
 * What `createWx` gets for an account: what the server needs and what was changed, so that the code shown stays short.
 *
 * @param {Account} account
 * @returns {Settings} as somebody has them: `createWx` says what is wrong
 */
export function readSettings(account) {
  const fields = new FormData(form);
  /** @type {Record<string, unknown>} */
  const settings = { user: { id: account } };
  if (hasServer()) settings.onKeyCreated = registrarOf(account);
  for (const name of ['authenticators', 'dialect', 'lang']) {
    if (fields.get(name)) settings[name] = fields.get(name);
  }
  if (fields.getAll('modes').length) settings.modes = fields.getAll('modes');
  if (fields.get('timeout')) settings.timeout = Number(fields.get('timeout'));
  if (fields.get('prompt')) settings.prompt = fields.get('prompt') === 'own' ? showOwnPrompt : fields.get('prompt');
  return settings;
}

/** The modes to ask for; none leaves the choice to wx-soter. */
export const requestedModes = () => /** @type {AuthMode[]} */ (new FormData(form).getAll('requestAuthModes'));

export const answersBy = () => /** @type {AnswersBy} */ (new FormData(form).get('answers'));

/**
 * Runs `listener` after each change, a reset included.
 *
 * @param {() => void} listener
 */
export function onSettings(listener) {
  form.addEventListener('submit', event => event.preventDefault());
  form.addEventListener('change', listener);
  // The fields have their first values again only after this event.
  form.addEventListener('reset', () => setTimeout(listener));
}
