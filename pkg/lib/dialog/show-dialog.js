/** @import { ClickPrompt, PromptRequest } from '../../types/index.js' */
import { createElements } from './elements.js';
import { keepEvents } from './keep-events.js';
import { isRendered, keepInFront } from './keep-in-front.js';
import { rememberFocus } from './remember-focus.js';

/**
 * The default prompt: a modal dialog beside the system's own. Whatever the page does meanwhile, the person sees it and
 * can leave it, or the call ends as cancelled.
 *
 * @param {Omit<PromptRequest, 'signal'> & { signal?: AbortSignal, mayBeCovered?: boolean }} request
 *   `signal`: missing in engines that have none; `mayBeCovered`: a dialog of the page plays the system's, and belongs above
 * @returns {ClickPrompt | undefined} undefined where there is no DOM that can
 */
export const showDialog = ({ authContent, lang, signal, cancel, mayBeCovered }) => {
  // Without a signal nothing would take it away again.
  if (!globalThis.document || !signal || signal.aborted) return;
  const elements = createElements(authContent, lang);
  if (!elements) return;
  const { host, shadow, dialog, heading, hint, proceed, dismiss } = elements;

  let goOn = () => {};
  const events = keepEvents(elements, button => {
    if (button === dismiss) cancel();
    if (button === proceed) goOn();
  });
  // The first time and again: what is shown last lies above all that was shown before.
  const show = () => {
    // Taken out of the page it is modal no longer, and can be shown anew; `close()` would move the focus into the page.
    host.remove();
    // What the style sheet says of the host, for where there is none: a page's rules for unknown elements would hide it.
    host.style.cssText = 'all: initial !important; position: fixed !important';
    dialog.open = false;
    shadow.append(dialog);
    // Not into the body, which pages hide, and whose content routers replace.
    document.documentElement.append(host);
    // Each time, since document.open() takes all listeners away.
    events.listen();
    // Escape where no key tells of it: the back gesture on Android.
    dialog.onclose = cancel;
    dialog.showModal();
    if (!proceed.hidden) proceed.focus();
  };
  const hide = () => {
    // Closing first puts the focus back where it was.
    dialog.close();
    host.remove();
    events.release();
  };

  const returnFocus = rememberFocus();
  try {
    show();
  } catch {
    // A document that is not on screen. The system asks all the same.
    hide();
    return;
  }
  signal.addEventListener('abort', () => {
    hide();
    returnFocus();
  });
  keepInFront({ ...elements, mayBeCovered }, signal, show, cancel);

  /** @param {boolean} waiting */
  const waitForClick = waiting => {
    hint.hidden = waiting;
    proceed.hidden = !waiting;
    (waiting ? proceed : heading).focus();
  };
  return {
    askForClick: () =>
      new Promise((resolve, reject) => {
        waitForClick(true);
        // In a frame that is not displayed nobody can click.
        if (!isRendered(dialog)) reject();
        goOn = () => {
          waitForClick(false);
          resolve();
        };
      }),
  };
};
