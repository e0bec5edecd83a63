import { nextStop } from './next-stop.js';

const KEYS = ['keydown', 'keypress', 'keyup'];
const OTHERS = [
  ...['click', 'dblclick', 'auxclick', 'contextmenu', 'wheel', 'focus', 'blur', 'focusin', 'focusout'],
  ...['copy', 'selectstart', 'dragstart', 'dragend'],
  ...['down', 'up', 'move', 'over', 'out', 'enter', 'leave', 'cancel'].map(what => `pointer${what}`),
  ...['down', 'up', 'move', 'over', 'out', 'enter', 'leave'].map(what => `mouse${what}`),
  ...['start', 'move', 'end', 'cancel'].map(what => `touch${what}`),
];

/**
 * Any event of these; those of keys have what is optional.
 *
 * @typedef {Event & Partial<Pick<KeyboardEvent, 'key' | 'code' | 'repeat' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>>} Heard
 */

/**
 * Keeps what is done in the dialog from the page, whose focus traps, hot keys and popups would act on it, and acts on it
 * here. The window is the first to hear of an event; only a capturing listener that the page put there before is earlier.
 *
 * A key is also meant for the dialog where nothing has the focus: only another modal dialog, above it, could have it.
 *
 * @param {Record<'host' | 'proceed' | 'dismiss', HTMLElement> & { shadow: ShadowRoot }} elements
 * @param {(button: EventTarget) => void} press told of what was clicked in the dialog; Escape is the button that cancels
 */
export const keepEvents = ({ host, shadow, proceed, dismiss }, press) => {
  let isOpen = true;
  /**
   * The keys and the mouse's buttons that went down here and are still to come up.
   *
   * @type {Set<string>}
   */
  const held = new Set();

  /** @param {Heard} event */
  const act = event => {
    const { type, key, code, repeat, ctrlKey, altKey, metaKey } = event;
    if (type === 'click') press(event.composedPath()[0]);
    if (type !== 'keydown') return;
    if (key === 'Escape') {
      // Else the browser closes the dialog, and in Chromium the page's own along with it.
      event.preventDefault();
      if (!repeat) press(dismiss);
    }
    // With Shift, WebKitGTK's `key` is "Unidentified".
    if ((key === 'Tab' || code === 'Tab') && !ctrlKey && !altKey && !metaKey) {
      event.preventDefault();
      nextStop([proceed, dismiss], shadow.activeElement, event.shiftKey).focus();
    }
  };

  /** @param {Heard} event */
  const keep = event => {
    const { type, target, isTrusted, repeat, code = '' } = event;
    const isLost = target === document.body || target === document.documentElement;
    if (target !== host && !(isLost && isTrusted && KEYS.includes(type))) return;
    const [, device, way] = /^(key|pointer|mouse)(down|up)$/.exec(type) || [];
    // What went down in the page, as a slider or a key that started the call, comes up there.
    if (way === 'up' && !held.delete(device + code)) return;
    if (way === 'down' && !repeat) held.add(device + code);
    event.stopImmediatePropagation();
    act(event);
  };

  /**
   * After the end: Escape closes nothing else while it is held down, nor when it is released, and Enter presses nothing.
   *
   * @param {Heard} event
   */
  const awaitRelease = event => {
    const { type, repeat, code } = event;
    const key = `key${code}`;
    if (!held.has(key)) return;
    const isNew = type === 'keydown' && !repeat;
    if (!isNew) {
      event.stopImmediatePropagation();
      event.preventDefault();
    }
    // Where the release went to another window, the next press ends it.
    if (isNew || type === 'keyup') held.delete(key);
    if (!held.size) unlisten(KEYS);
  };

  /** @param {Heard} event */
  const listener = event => (isOpen ? keep : awaitRelease)(event);
  /**
   * @param {string[]} types
   * @param {boolean} passive
   */
  const listen = (types, passive) =>
    types.forEach(type => globalThis.addEventListener(type, listener, { capture: true, passive }));
  /** @param {string[]} types */
  const unlisten = types => types.forEach(type => globalThis.removeEventListener(type, listener, true));

  return {
    listen() {
      listen(KEYS, false);
      listen(OTHERS, true);
    },
    release() {
      isOpen = false;
      unlisten(OTHERS);
      held.delete('mouse');
      held.delete('pointer');
      if (!held.size) unlisten(KEYS);
    },
  };
};
