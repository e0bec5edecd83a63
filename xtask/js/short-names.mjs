// Shortens the names by which the module and its generated JavaScript know each other. There are a hundred of them, some
// of sixty characters with a hash, and each stands in both files: six per cent of what a page loads.
import { createHash } from 'node:crypto'

const IMPORT = 2
const EXPORT = 7
const GENERATED = /^(__wbg|__wbindgen|__externref|wasm_bindgen__)/
const MODULE = './wx_soter_bg.js'

const utf8 = new TextEncoder()

/** @param {Uint8Array} wasm @param {string} glue the generated JavaScript */
export const shortenNames = (wasm, glue) => {
  let at = 8
  const number = () => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++]
      value |= (byte & 0x7f) << shift
      if (!(byte & 0x80)) return value
    }
  }
  const take = (length) => wasm.subarray(at, (at += length))
  const text = () => new TextDecoder().decode(take(number()))

  const leb = (value) => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)])
  const named = (name) => [...leb(utf8.encode(name).length), ...utf8.encode(name)]

  // Every name goes into the name of the module that they are imported from, so that a module of another build, whose
  // short names may mean other things, does not link.
  const longNames = glue.match(/(?:__wbg|__wbindgen|__externref|wasm_bindgen__)\w+/g).join()
  const shorter = new Map([[MODULE, `m${createHash('sha256').update(longNames).digest('hex').slice(0, 6)}`]])
  const short = (name) => {
    if (GENERATED.test(name) && !shorter.has(name)) shorter.set(name, `$${shorter.size.toString(36)}`)
    return shorter.get(name) ?? name
  }

  const limits = () => {
    const start = at
    if (wasm[at++] & 1) number()
    number()
    return [...wasm.subarray(start, at)]
  }
  const described = {
    0: () => leb(number()),
    1: () => [...take(1), ...limits()],
    2: limits,
    3: () => [...take(2)]
  }
  const entry = {
    [IMPORT]: () => {
      const module = text()
      const field = text()
      const kind = wasm[at++]
      // Names out of our own files are theirs.
      const names = module === MODULE ? [short(module), short(field)] : [module, field]
      return [...names.flatMap(named), kind, ...described[kind]()]
    },
    [EXPORT]: () => [...named(short(text())), wasm[at++], ...leb(number())]
  }

  const out = [wasm.subarray(0, at)]
  while (at < wasm.length) {
    const start = at
    const id = wasm[at++]
    const end = number() + at
    if (entry[id]) {
      const count = number()
      const body = [...leb(count), ...Array.from({ length: count }, entry[id]).flat()]
      out.push(Uint8Array.from([id, ...leb(body.length), ...body]))
    } else {
      out.push(wasm.subarray(start, end))
    }
    at = end
  }
  const names = [...shorter.keys()].sort((a, b) => b.length - a.length).map((name) => name.replace(/[.$]/g, '\\$&'))
  return {
    wasm: Buffer.concat(out),
    glue: glue.replace(new RegExp(`(?<![\\w$])(${names.join('|')})(?![\\w$])`, 'g'), (name) => shorter.get(name))
  }
}
