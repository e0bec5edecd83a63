// How the module is encoded as text inside the script; `xtask/js/module-text.mjs` encodes, this decodes. Only characters
// are used that need no escape in a string, a script or a page of any encoding. Each stands for one byte, except the last
// two, which begin codes of two characters for the remaining bytes.

/** Which byte each character is, two hexadecimal digits each. Found by `xtask/js/find-alphabet.mjs`. */
export const SINGLES =
  '20380b2c25462111244b104f2d402f3031186a08350402052e390006908014b6423ab044333745600736714d092850470f531c2201031a1b0c41840d810a616263646566676869296b6c6d6e6f700e72737475764978797f34ff';

/** No quote, no backslash, and no `<`, which could end the script. */
export const isOwn = code => code > 31 && code < 127 && !/["<\\]/.test(String.fromCharCode(code));

/** The bytes in the order of their writing: the single ones by their characters, then the pairs. */
export const inOrder = () => {
  const singles = SINGLES.match(/../g).map(digits => parseInt(digits, 16));
  const bytes = new Set(singles);
  for (let byte = 0; byte < 256; byte++) bytes.add(byte);
  return Uint8Array.from(bytes);
};

/**
 * @param {string} text
 * @returns {Uint8Array} the bytes that are written there
 */
export const read = text => {
  const order = inOrder();
  // The place of a character among all, by its code.
  const places = new Uint8Array(128);
  let count = 0;
  for (let code = 0; code < 128; code++) if (isOwn(code)) places[code] = count++;
  const singles = count - 2;
  const codes = new TextEncoder().encode(text);
  const bytes = new Uint8Array(codes.length);
  let length = 0;
  for (let at = 0; at < codes.length; at++) {
    const place = places[codes[at]];
    bytes[length++] = order[place < singles ? place : singles + (place - singles) * count + places[codes[++at]]];
  }
  return bytes.subarray(0, length);
};
