/**
 * Where the Tab key goes, round and round.
 *
 * @param {HTMLElement[]} buttons
 * @param {Element | null} focused
 * @param {boolean | undefined} backwards
 */
export const nextStop = (buttons, focused, backwards) => {
  const stops = buttons.filter(({ hidden }) => !hidden);
  if (backwards) stops.reverse();
  return stops[stops.indexOf(/** @type {HTMLElement} */ (focused)) + 1] || stops[0];
};
