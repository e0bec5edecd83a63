/**
 * What an action returns; nothing where it throws, as a page's getters, proxies and globals may.
 *
 * @template T
 * @param {() => T} action
 * @returns {T | undefined}
 */
export const attempt = action => {
  try {
    return action();
  } catch {}
};

/**
 * What was thrown, as text. A page may throw anything, and some things can become no text.
 *
 * @param {unknown} thrown
 */
export const textOf = thrown => attempt(() => String(thrown)) || 'no reason given';
