// Looks for the alphabet that lets the complete script compress best, by simulated annealing, and writes what it found to
// pkg/lib/module-reader.wat. After `cargo xtask build`:
//   node xtask/js/find-alphabet.mjs MINUTES
import { readFile, writeFile } from 'node:fs/promises'
import { brotliCompressSync, constants } from 'node:zlib'
import { CHARACTERS, PREFIXES, READER, moduleReader, moduleText, writings } from './module-text.mjs'

/** Bytes of brotli by which a step may make things worse, as a rule, in the beginning and in the end. */
const HOT = 6
const COLD = 0.5

const inRoot = (path) => new URL(`../../${path}`, import.meta.url)
const wasm = await readFile(inRoot('pkg/dist/core.wasm'))
const script = await readFile(inRoot('pkg/dist/wx-soter.global.js'), 'utf8')
const source = await readFile(READER, 'utf8')
const [found] = source.match(/(?:\\[0-9a-f]{2})+/)

/** Where the single characters stand in the reader's table, which begins with the space. */
const places = CHARACTERS.slice(0, -PREFIXES.length).map((character) => character.charCodeAt(0) - 32)
const given = Buffer.from(found.replaceAll('\\', ''), 'hex')

const reader = moduleReader()
const begin = reader.indexOf(given)
const withAlphabet = (table) => {
  const other = Buffer.from(reader)
  table.copy(other, begin)
  return other
}

const BEFORE = '\x01'
const BEHIND = '\x02'
const template = script.replace(reader.toString('base64url'), BEFORE).replace(moduleText(wasm, writings(reader)), BEHIND)
if (begin < 0 || !template.includes(BEFORE) || !template.includes(BEHIND)) {
  throw new Error('pkg/dist was built with another alphabet: run cargo xtask build')
}
const tableOf = (chosen) => {
  const table = Buffer.alloc(given.length)
  places.forEach((place, at) => (table[place] = chosen[at]))
  return table
}
const size = (chosen) => {
  const other = withAlphabet(tableOf(chosen))
  const whole = template.replace(BEFORE, other.toString('base64url')).replace(BEHIND, () => moduleText(wasm, writings(other)))
  const bytes = Buffer.from(whole)
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length
}

const any = (amount) => Math.floor(Math.random() * amount)
const singles = places.length
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
  // Binaryen cuts off zeros at the edges of the table.
  return next[0] && next[singles - 1] && new Set(next).size === singles ? next : chosen
}

const minutes = Number(process.argv[2] || 10)
const begun = Date.now()
let current = places.map((place) => given[place])
let cost = size(current)
let best = cost
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
    await writeFile(READER, source.replace(found, () => tableOf(current).toString('hex').replace(/../g, '\\$&')))
  }
}
