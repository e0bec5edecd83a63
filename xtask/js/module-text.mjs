// Writes the module as ASCII text, for `pkg/lib/embedded.js` to read. The most frequent bytes are one character each, so
// the text compresses almost as well as the bytes themselves (3 % more in brotli; hexadecimal 9 %, base64 32 %, which breaks the
// patterns that compression lives on), and a page in any encoding reads it alike.

const SINGLE = 89
/** How many pairs begin with the same character. */
const ROW = 84

// From `#` to `~`, after the quotes; without `<`, which could end a script that stands in a page.
const character = (place) => String.fromCharCode(place + (place < 25 ? 35 : 36))

/**
 * @param {Uint8Array} bytes
 * @returns {string} for each byte a digit, whether it is frequent, four to one hexadecimal digit; then the text
 */
export const moduleText = (bytes) => {
  const frequency = new Array(256).fill(0)
  for (const byte of bytes) frequency[byte]++
  const values = [...frequency.keys()]
  const frequent = values.slice().sort((a, b) => frequency[b] - frequency[a]).slice(0, SINGLE)
  const isSingle = values.map((byte) => frequent.includes(byte))
  const rare = values.filter((byte) => !isSingle[byte])
  const texts = values.map((byte) => {
    if (isSingle[byte]) return character(isSingle.slice(0, byte).filter(Boolean).length)
    const place = rare.indexOf(byte)
    return character(SINGLE + Math.floor(place / ROW)) + character(place % ROW)
  })
  const digit = (_, at) => parseInt(isSingle.slice(4 * at, 4 * at + 4).map(Number).join(''), 2).toString(16)
  return Array.from({ length: 64 }, digit).join('') + Array.from(bytes, (byte) => texts[byte]).join('')
}
