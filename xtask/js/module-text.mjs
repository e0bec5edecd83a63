// Writes the module as ASCII text, for `pkg/lib/module-writing.js` to read. It compresses almost as well as the bytes
// themselves: compression goes by what kind of character stands before, letter, digit or mark, and the alphabet was found by
// trying what compresses best.
import { inOrder, isOwn } from '../../pkg/lib/module-writing.js'

const characters = Array.from({ length: 128 }, (_, code) => code).filter(isOwn).map((code) => String.fromCharCode(code))

/**
 * @param {Uint8Array} bytes
 * @param {Uint8Array} [order] all bytes in the order of their writing
 * @returns {string}
 */
export const moduleText = (bytes, order = inOrder()) => {
  const prefixes = characters.slice(-2)
  const singles = characters.slice(0, -2)
  const writings = [...singles, ...prefixes.flatMap((first) => characters.map((second) => first + second))]
  const texts = new Array(256)
  order.forEach((byte, place) => (texts[byte] = writings[place]))
  return Array.from(bytes, (byte) => texts[byte]).join('')
}
