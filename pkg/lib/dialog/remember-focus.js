/**
 * Remembers which element has the focus. A dialog does so itself, but not when it was removed meanwhile.
 *
 * @returns {() => void} which gives the focus back
 */
export const rememberFocus = () => {
  /** @type {(Element & Partial<HTMLOrSVGElement>) | null} */
  let element = document.activeElement;
  // Where it is in the shadow tree of a custom element.
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return () => element?.focus?.({ preventScroll: true });
};
