// Writes the module as ASCII text, for `pkg/lib/module-reader.wat` to read. It compresses almost as well as the bytes
// themselves: compression goes by what kind of character stands before, letter, digit or mark, and the alphabet was found by
// trying what compresses best.
import binaryen from 'binaryen'
import { readFileSync } from 'node:fs'
import { read } from '../../pkg/lib/module-reader.js'

/** Where the reader is written, with its alphabet. */
export const READER = new URL('../../pkg/lib/module-reader.wat', import.meta.url)

/** The characters that are used, in the order of ASCII. */
export const CHARACTERS = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).filter((character) => !/["\\<]/.test(character))
/** Those of them that begin pairs. */
export const PREFIXES = CHARACTERS.slice(-3)

/**
 * The module that reads such texts.
 *
 * @returns {Buffer}
 */
export const moduleReader = () => {
  const module = binaryen.parseText(readFileSync(READER, 'utf8'))
  if (!module.validate()) throw new Error(`${READER.pathname} is no valid module`)
  binaryen.setOptimizeLevel(2)
  binaryen.setShrinkLevel(2)
  module.optimize()
  return Buffer.from(module.emitBinary())
}

/**
 * How the reader wants each byte written: by one character, where one stands for it.
 *
 * @param {Buffer} reader
 * @returns {string[]}
 */
export const writings = (reader) => {
  const singles = CHARACTERS.slice(0, -PREFIXES.length)
  const pairs = PREFIXES.flatMap((first) => CHARACTERS.map((second) => first + second))
  const texts = new Array(256)
  const all = [...singles, ...pairs]
  read(all.join(''), reader.toString('base64url')).forEach((byte, at) => (texts[byte] ??= all[at]))
  return texts
}

/** The longest text that fits into the reader's memory before its table. */
const LENGTH_MAX = 458_784

/**
 * @param {Uint8Array} bytes
 * @param {string[]} texts how each byte is written
 * @returns {string}
 */
export const moduleText = (bytes, texts) => {
  const text = Array.from(bytes, (byte) => texts[byte]).join('')
  if (text.length > LENGTH_MAX) throw new Error(`the reader has no room for ${text.length} characters: see ${READER.pathname}`)
  return text
}
