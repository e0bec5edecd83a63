/**
 * The `wx` of a page that declares it by `let`, `const` or `class` in a plain script: such a name is no member of the global
 * object, and hides the member of that name.
 *
 * @returns {unknown} undefined where there is none, or not yet
 */
export const lexicalWx = () => {
  try {
    // `typeof` of one that is declared further down throws.
    return typeof wx === 'undefined' ? undefined : wx;
  } catch {}
};
