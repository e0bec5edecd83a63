// Looks for the alphabet that lets the complete script compress best, by simulated annealing, and writes what it found to
// pkg/lib/module-writing.js. After `cargo xtask build`:
//   node xtask/js/find-alphabet.mjs MINUTES
import { readFile, writeFile } from 'node:fs/promises'
import { brotliCompressSync, constants } from 'node:zlib'
import { SINGLES, inOrder } from '../../pkg/lib/module-writing.js'
import { moduleText } from './module-text.mjs'

/** Bytes of brotli by which a step may make things worse, as a rule, in the beginning and in the end. */
const HOT = 6
const COLD = 0.5

const inRoot = (path) => new URL(`../../${path}`, import.meta.url)
const source = inRoot('pkg/lib/module-writing.js')
const wasm = await readFile(inRoot('pkg/dist/core.wasm'))
const script = await readFile(inRoot('pkg/dist/wx-soter.global.js'), 'utf8')
const singles = SINGLES.length / 2

const hex = (order) => Buffer.from(order.slice(0, singles)).toString('hex')
// The bytes that are not single are in their own order, as the reader has them.
const whole = (chosen) => Uint8Array.from(new Set([...chosen, ...Array(256).keys()]))

const ALPHABET = '\x01'
const TEXT = '\x02'
const template = script.replace(SINGLES, ALPHABET).replace(moduleText(wasm), TEXT)
if (!template.includes(ALPHABET) || !template.includes(TEXT)) {
  throw new Error('pkg/dist was built with another alphabet: run cargo xtask build')
}
const size = (chosen) => {
  const order = whole(chosen)
  const text = Buffer.from(template.replace(ALPHABET, hex(order)).replace(TEXT, () => moduleText(wasm, order)))
  return brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }).length
}

const any = (amount) => Math.floor(Math.random() * amount)
const frequency = new Array(256).fill(0)
for (const byte of wasm) frequency[byte]++
const byFrequency = [...frequency.keys()].sort((a, b) => frequency[b] - frequency[a])

// Two bytes change places; or three; or one gives its place to another that may be as frequent.
const step = (chosen) => {
  const next = [...chosen]
  // Frequent bytes matter more.
  const places = [next.indexOf(byFrequency[any(any(singles) + 1)]), any(singles), any(singles)].filter((place) => place >= 0)
  const kind = Math.random()
  if (kind < 0.08) {
    const others = byFrequency.slice(singles - 30, singles + 30).filter((byte) => !next.includes(byte))
    next[any(singles)] = others[any(others.length)]
  } else {
    const taken = kind < 0.75 ? places.slice(0, 2) : places
    const bytes = taken.map((place) => chosen[place])
    taken.forEach((place, at) => (next[place] = bytes[(at + 1) % bytes.length]))
  }
  return new Set(next).size === singles ? next : chosen
}

const minutes = Number(process.argv[2] || 10)
const begun = Date.now()
let current = [...inOrder().slice(0, singles)]
let cost = size(current)
let best = cost
const found = await readFile(source, 'utf8')
console.log(`${cost} bytes`)
for (let done = 0; done < 1; done = (Date.now() - begun) / 60_000 / minutes) {
  const temperature = HOT * (COLD / HOT) ** done
  const next = step(current)
  const nextCost = size(next)
  if (nextCost <= cost || Math.random() < Math.exp((cost - nextCost) / temperature)) {
    current = next
    cost = nextCost
  }
  if (cost < best) {
    best = cost
    console.log(`${cost} bytes after ${(done * minutes).toFixed(1)} minutes`)
    await writeFile(source, found.replace(SINGLES, hex(whole(current))))
  }
}
