import text from 'wx-soter:text';

/**
 * The module that travels inside the script, as text that `xtask/js/module-text.mjs` made.
 *
 * @returns {Uint8Array}
 */
export default () => {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code > 122) code = (code - 123) * 64 + text.charCodeAt(++i) - 61;
    // An array of bytes keeps the remainder of 256.
    bytes[length++] = code - 35;
  }
  return bytes.subarray(0, length);
};
