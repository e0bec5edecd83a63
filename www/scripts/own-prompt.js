/** @import { PromptRequest } from '../../pkg/types/index.js' */
import { byId } from './by-id.js';
import { element } from './element.js';
import { words } from './language.js';

/**
 * A prompt of the page's own, for the setting `prompt`: a note beside the button instead of a dialog.
 *
 * @param {PromptRequest} request
 */
export function showOwnPrompt({ authContent, signal, cancel }) {
  const stop = element('button', { type: 'button', class: 'small' }, words().cancel);
  stop.addEventListener('click', cancel);
  const note = element('div', { class: 'own-prompt', role: 'alert' }, element('p', {}, authContent), stop);
  byId('own-prompt').replaceChildren(note);
  signal.addEventListener('abort', () => note.remove());

  // Some browsers want a click of its own for the second step.
  return {
    askForClick: () =>
      /** @type {Promise<void>} */
      (
        new Promise(resolve => {
          const go = element('button', { type: 'button', class: 'small' }, words().continueButton);
          go.addEventListener('click', () => {
            go.remove();
            resolve();
          });
          note.append(go);
          go.focus();
        })
      ),
  };
}
