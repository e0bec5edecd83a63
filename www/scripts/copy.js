import { element } from './element.js';
import { icon } from './icons.js';
import { words } from './language.js';

const SHOWN_FOR = 1600;

/**
 * A button that copies what `text()` gives; `undefined` where the browser has no clipboard for this page.
 *
 * @param {string} label
 * @param {() => string} text
 */
export function copyButton(label, text) {
  if (!navigator.clipboard) return undefined;
  const caption = element('span', { 'aria-live': 'polite' }, label);
  const button = element('button', { type: 'button', class: 'small' }, icon('copy'), caption);
  button.addEventListener('click', async () => {
    const copied = await navigator.clipboard.writeText(text()).then(
      () => true,
      () => false,
    );
    caption.textContent = copied ? words().copied : words().notCopied;
    setTimeout(() => (caption.textContent = label), SHOWN_FOR);
  });
  return button;
}
