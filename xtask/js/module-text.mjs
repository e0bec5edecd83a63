// Writes the module as ASCII text, for `pkg/lib/embedded.js` to read. Bytes that are frequent in code are one character
// each, so text compresses almost as well as the bytes themselves (4 % more; hexadecimal 8 %, base64 30 %, which breaks
// the patterns that compression lives on), and a page in any encoding reads it alike.

// Moves the most frequent bytes, which are low, to where characters can be printed.
const SHIFT = 35
const FIRST = 32
// From here on, a character begins a pair.
const PAIRS = 123
const SECOND = 61
// Could end a script that stands in a page.
const LESS_THAN = 60

/** @param {Uint8Array} bytes */
export const moduleText = (bytes) =>
  Array.from(bytes, (byte) => {
    const code = (byte + SHIFT) % 256
    return code >= FIRST && code < PAIRS && code !== LESS_THAN
      ? String.fromCharCode(code)
      : String.fromCharCode(PAIRS + (code >> 6), SECOND + (code & 63))
  }).join('')
