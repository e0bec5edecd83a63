import text from 'wx-soter:text';

/**
 * The module that travels inside the script, as text that `xtask/js/module-text.mjs` made.
 *
 * @returns {Uint8Array}
 */
export default () => {
  // What a character stands for, by its code; or two.
  const byteOf = [];
  const own = [];
  const spare = [];
  const moved = [];
  const rare = [];
  for (let byte = 0; byte < 256; byte++) {
    const isOwn = /[ !#-;=-[\]-~]/.test(String.fromCharCode(byte));
    // The text begins with 64 hexadecimal digits.
    const isFrequent = (parseInt(text[byte >> 2], 16) << (byte & 3)) & 8;
    if (isOwn) own.push(byte);
    if (!isFrequent) rare.push(byte);
    if (!isOwn && isFrequent) moved.push(byte);
    if (isOwn && isFrequent) byteOf[byte] = byte;
    if (isOwn && !isFrequent) spare.push(byte);
  }
  for (const first of spare) {
    if (moved.length) byteOf[first] = moved.shift();
    else for (const second of own) byteOf[first * 128 + second] = rare.shift();
  }
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 64; at < text.length; at++) {
    const code = text.charCodeAt(at);
    bytes[length++] = byteOf[code] ?? byteOf[code * 128 + text.charCodeAt(++at)];
  }
  return bytes.subarray(0, length);
};
