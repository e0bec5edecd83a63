/**
 * The settings in the `data-*` attributes of the script that is running.
 *
 * @returns {object}
 */
export const scriptSettings = () => {
  const script = globalThis.document && document.currentScript;
  // Not what an element named "currentScript" passes off as one.
  if (!script || !/^script$/i.test(script.tagName)) return {};
  const { rpId, rpName, userId, userName, userDisplayName, authenticators, modes, timeout, prompt, lang, dialect } =
    script.dataset;
  return {
    rpId,
    rpName,
    user: { id: userId, name: userName, displayName: userDisplayName },
    authenticators,
    modes: modes && modes.split(',').map(mode => mode.trim()),
    timeout: timeout && +timeout,
    prompt,
    lang,
    dialect,
  };
};
