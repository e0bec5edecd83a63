import style from './dialog.css';
import { dialogText } from './dialog-text.js';

const SVG = 'http://www.w3.org/2000/svg';
/** A fingerprint: ridges in a box of 24 by 24. */
const RIDGES =
  'M6 4.6a9.6 9.6 0 0 1 12 0M5.6 18.5c-.9-2.4-1.2-4.6-1-7.1a7.4 7.4 0 0 1 14.8.4c0 1.8.1 3.2.4 4.6M9 20.5c-1-2.6-1.4-5.3-1.2-8.6a4.2 4.2 0 0 1 8.4 0c0 2.8.4 5 1.2 7.1M12 11.5c0 4 .5 6.5 2 9.5';

/**
 * The default prompt: a modal dialog beside the system's own. What is the page's is set as text; the style sheet is
 * a constructed one, which a strict `style-src` allows.
 *
 * @param {{ authContent: string, lang?: string, signal?: AbortSignal, cancel: () => void }} request
 * @returns {{ askForClick(): Promise<void> } | undefined} undefined where there is no DOM that can
 */
export const showDialog = ({ authContent, lang, signal, cancel }) => {
  const { document, navigator, CSSStyleSheet } = globalThis;
  // Without a signal nothing would take it away again.
  if (!document || !signal || signal.aborted) return;
  const root = document.documentElement;
  const add = (parent, tag, text, id) => {
    const child = parent.appendChild(document.createElement(tag));
    child.textContent = text;
    child.id = id;
    return child;
  };

  const host = document.createElement('wx-soter-prompt');
  const dialog = document.createElement('dialog');
  if (!dialog.showModal || !host.attachShadow) return;
  const shadow = host.attachShadow({ mode: 'open' });
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    shadow.adoptedStyleSheets = [sheet];
  } catch {
    // Safari before 16.4 has none: the dialog has the browser's own look.
  }
  shadow.append(dialog);

  const [language, title, hint, cancelText, proceedText] = dialogText(lang || root.lang || navigator.language);
  dialog.lang = language;
  dialog.setAttribute('aria-labelledby', 't');
  dialog.setAttribute('aria-describedby', 'c h');
  const icon = dialog.appendChild(document.createElementNS(SVG, 'svg'));
  icon.setAttribute('viewBox', '0 0 24 24');
  icon.setAttribute('aria-hidden', 'true');
  icon.appendChild(document.createElementNS(SVG, 'path')).setAttribute('d', RIDGES);
  const heading = add(dialog, 'h2', title, 't');
  // The focus begins here, not on the button that cancels, which a key still held down would press.
  heading.tabIndex = -1;
  heading.autofocus = true;
  add(dialog, 'p', authContent, 'c').dir = 'auto';
  const hintLine = add(dialog, 'p', hint, 'h');
  const proceed = add(dialog, 'button', proceedText, 'g');
  const dismiss = add(dialog, 'button', cancelText, 'n');
  proceed.hidden = true;
  dismiss.onclick = cancel;
  // Escape, and the back gesture on Android.
  dialog.onclose = cancel;

  (document.body || root).append(host);
  try {
    dialog.showModal();
  } catch {
    // A document that is not on screen. The system asks all the same.
    return host.remove();
  }
  signal.addEventListener('abort', () => {
    // Closing first puts the focus back where it was.
    dialog.close();
    host.remove();
  });

  const waitForClick = waiting => {
    hintLine.hidden = waiting;
    proceed.hidden = !waiting;
    (waiting ? proceed : heading).focus();
  };
  return {
    askForClick: () =>
      new Promise(resolve => {
        waitForClick(true);
        proceed.onclick = () => {
          waitForClick(false);
          resolve();
        };
      }),
  };
};
