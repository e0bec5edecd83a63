import text from 'wx-soter:text';

/**
 * The module that travels inside the script, as text that `xtask/js/module-text.mjs` made.
 *
 * @returns {Uint8Array}
 */
export default () => {
  const single = [];
  const paired = [];
  for (let i = 0; i < 256; i++) {
    // The text begins with 64 hexadecimal digits.
    ((parseInt(text[i >> 2], 16) << (i & 3)) & 8 ? single : paired).push(i);
  }
  let at = 64;
  const next = () => {
    const code = text.charCodeAt(at++);
    return code - (code < 60 ? 35 : 36);
  };
  const bytes = new Uint8Array(text.length);
  let length = 0;
  while (at < text.length) {
    const place = next();
    bytes[length++] = place < 89 ? single[place] : paired[(place - 89) * 84 + next()];
  }
  return bytes.subarray(0, length);
};
