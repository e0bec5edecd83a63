/** How often to look, in milliseconds. No event tells that another modal dialog covers ours. */
const PERIOD = 250;
/** How often in a row it comes back. A page whose own dialog does the same would go on for ever. */
const TRIES = 5;
/** After so many looks in a row that found it in front, what covered it has gone. */
const CALM = 8;

/**
 * Whether it is displayed at all.
 *
 * @param {Element} element
 */
export const isRendered = element => element.getClientRects().length > 0;

/** @typedef {{ host: HTMLElement, dialog: HTMLDialogElement, mayBeCovered?: boolean }} Shown */

/** @type {((elements: Shown) => boolean)[]} */
const CHECKS = [
  // Pages that are written anew, and routers, remove it.
  ({ dialog }) => dialog.isConnected,
  // Who moves it makes it an ordinary dialog.
  ({ dialog }) => dialog.matches(':modal'),
  ({ dialog }) => isRendered(dialog),
  // An open modal dialog is all that can be hit, since its backdrop is a part of it: unless another one lies above it,
  // or it is invisible or inert. Nothing is hit where the viewport has no size.
  ({ host, dialog, mayBeCovered }) => {
    if (mayBeCovered) return true;
    const { left, top, width, height } = dialog.getBoundingClientRect();
    const hit = document.elementFromPoint(left + width / 2, top + height / 2);
    return !hit || hit === host;
  },
];

/**
 * Looks whether people can see the dialog and use it, and shows it again or gives up.
 *
 * @param {Shown} elements in the page already
 * @param {AbortSignal} signal until when
 * @param {() => void} show
 * @param {() => void} giveUp
 */
export const keepInFront = (elements, signal, show, giveUp) => {
  // What has never been true tells nothing: a frame without a size, a browser that does not know `:modal`, a DOM without
  // layout.
  const known = new Set();
  /** @param {(elements: Shown) => boolean} check */
  const holds = check => {
    try {
      if (!check(elements)) return !known.has(check);
      known.add(check);
    } catch {
      // As little does what throws.
    }
    return true;
  };
  const isInFront = () => CHECKS.every(holds);

  const tryToShow = () => {
    try {
      show();
    } catch {
      // There is no page to show it in, for now.
    }
  };
  let tries = 0;
  let calm = 0;
  const look = () => {
    if (isInFront()) {
      calm += 1;
      if (calm >= CALM) tries = 0;
      return;
    }
    calm = 0;
    tries += 1;
    if (tries <= TRIES) return tryToShow();
    leave();
    giveUp();
  };
  // What fills the screen lies above the dialog, although it is inert and cannot be hit.
  const onFullscreen = () => {
    if (document.fullscreenElement) tryToShow();
  };
  const leave = () => {
    clearInterval(timer);
    document.removeEventListener('fullscreenchange', onFullscreen);
  };

  isInFront();
  const timer = setInterval(look, PERIOD);
  document.addEventListener('fullscreenchange', onFullscreen);
  signal.addEventListener('abort', leave);
};
