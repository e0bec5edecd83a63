import style from './dialog.css';
import { dialogText } from './dialog-text.js';

const SVG = 'http://www.w3.org/2000/svg';
/** A fingerprint: ridges in a box of 24 by 24. */
const RIDGES =
  'M6 4.6a9.6 9.6 0 0 1 12 0M5.6 18.5c-.9-2.4-1.2-4.6-1-7.1a7.4 7.4 0 0 1 14.8.4c0 1.8.1 3.2.4 4.6M9 20.5c-1-2.6-1.4-5.3-1.2-8.6a4.2 4.2 0 0 1 8.4 0c0 2.8.4 5 1.2 7.1M12 11.5c0 4 .5 6.5 2 9.5';
/** Its looks, as attributes: without a style sheet it would be a black blob. */
const ICON = {
  viewBox: '0 0 24 24',
  width: 56,
  height: 56,
  fill: 'none',
  stroke: 'currentColor',
  'stroke-width': 1.4,
  'stroke-linecap': 'round',
  'aria-hidden': true,
};

/**
 * The elements of the dialog, not yet in the page. What is the page's is set as text; the style sheet is a constructed
 * one, which a strict `style-src` allows.
 *
 * @param {string} authContent
 * @param {string} [lang]
 * @returns undefined where there is no DOM that can
 */
export const createElements = (authContent, lang) => {
  const { document, navigator, CSSStyleSheet } = globalThis;
  /**
   * @template {keyof HTMLElementTagNameMap} Tag
   * @param {HTMLElement} parent
   * @param {Tag} tag
   * @param {string} text
   * @param {string} id
   */
  const add = (parent, tag, text, id) => {
    const child = parent.appendChild(document.createElement(tag));
    child.textContent = text;
    child.id = id;
    return child;
  };

  const host = document.createElement('wx-soter-prompt');
  const dialog = document.createElement('dialog');
  if (!dialog.showModal) return;
  let shadow;
  try {
    shadow = host.attachShadow({ mode: 'open' });
  } catch {
    // Missing, or replaced by a page or an extension that does not bear it.
    return;
  }
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    shadow.adoptedStyleSheets = [sheet];
  } catch {
    // Safari before 16.4 has none: the dialog has the browser's own look.
  }

  const [language, title, hintText, cancelText, proceedText] = dialogText(
    lang || document.documentElement.lang || navigator.language,
  );
  dialog.lang = language;
  dialog.setAttribute('aria-labelledby', 't');
  dialog.setAttribute('aria-describedby', 'c h');
  // In WebKit a dialog is a stop of the Tab key itself.
  dialog.tabIndex = -1;
  const icon = dialog.appendChild(document.createElementNS(SVG, 'svg'));
  for (const [name, value] of Object.entries(ICON)) icon.setAttribute(name, String(value));
  icon.appendChild(document.createElementNS(SVG, 'path')).setAttribute('d', RIDGES);
  const heading = add(dialog, 'h2', title, 't');
  // The focus begins here, not on the button that cancels, which a key still held down would press.
  heading.tabIndex = -1;
  heading.autofocus = true;
  add(dialog, 'p', authContent, 'c').dir = 'auto';
  const hint = add(dialog, 'p', hintText, 'h');
  const proceed = add(dialog, 'button', proceedText, 'g');
  const dismiss = add(dialog, 'button', cancelText, 'n');
  proceed.hidden = true;
  return { host, shadow, dialog, heading, hint, proceed, dismiss };
};
