/**
 * Where the Tab key goes, round and round.
 *
 * @param {HTMLElement[]} buttons
 * @param {any} focused the element, if any
 * @param {boolean} backwards
 */
export const nextStop = (buttons, focused, backwards) => {
  const stops = buttons.filter(({ hidden }) => !hidden);
  if (backwards) stops.reverse();
  return stops[stops.indexOf(focused) + 1] || stops[0];
};
