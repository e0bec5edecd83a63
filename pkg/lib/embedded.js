import hex from 'wx-soter:hex';

/**
 * The module that travels inside the script. It is hexadecimal text because that compresses almost as well as the
 * bytes themselves; base64 breaks the patterns that compression lives on.
 *
 * @returns {Uint8Array}
 */
export default () => {
  if (Uint8Array.fromHex) return Uint8Array.fromHex(hex);
  const bytes = new Uint8Array(hex.length / 2);
  // '0' to '9' are 0x30 and on, 'a' to 'f' 0x61 and on. Several times as fast as parseInt.
  const digit = code => (code & 15) + (code >> 6) * 9;
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = digit(hex.charCodeAt(2 * i)) * 16 + digit(hex.charCodeAt(2 * i + 1));
  }
  return bytes;
};
