// Writes down which of a module's exports its JavaScript uses once that is trimmed, as wasm-metadce reads it: all that only
// the others reach is of no use. wasm-bindgen exports more than this package needs.
//   node xtask/js/exports-in-use.mjs wx_soter.js > exports.json
import { readFile } from 'node:fs/promises'
import { trimGlue } from './trim-glue.mjs'

const glue = trimGlue(await readFile(process.argv[2], 'utf8'))
const names = [...new Set(Array.from(glue.matchAll(/\bwasm\.(\w+)/g), ([, name]) => name))]
const outside = { name: 'outside', root: true, reaches: names }
console.log(JSON.stringify([outside, ...names.map((name) => ({ name, export: name }))], null, 1))
