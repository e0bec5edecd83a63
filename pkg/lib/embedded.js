import text from 'wx-soter:text';

/**
 * The module that travels inside the script, as text that `xtask/js/module-text.mjs` made.
 *
 * @returns {Uint8Array}
 */
export default () => {
  // What a character stands for, by its code; or two characters. Plain arrays would take four times as long here.
  const one = new Int16Array(128).fill(-1);
  const two = new Uint8Array(128 * 128);
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
    if (isOwn && isFrequent) one[byte] = byte;
    if (isOwn && !isFrequent) spare.push(byte);
  }
  for (const first of spare) {
    if (moved.length) one[first] = moved.shift();
    else for (const second of own) two[first * 128 + second] = rare.shift();
  }
  const codes = new TextEncoder().encode(text);
  const bytes = new Uint8Array(codes.length);
  let length = 0;
  for (let at = 64; at < codes.length; at++) {
    const code = codes[at];
    const byte = one[code];
    bytes[length++] = byte < 0 ? two[code * 128 + codes[++at]] : byte;
  }
  return bytes.subarray(0, length);
};
