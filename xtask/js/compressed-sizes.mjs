// Prints, as JSON, the sizes of the files named: as they are, and as a server would send them.
import { readFileSync } from 'node:fs'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const sizes = process.argv.slice(2).map((file) => {
  const content = readFileSync(file)
  const gzip = gzipSync(content, { level: 9 })
  const brotli = brotliCompressSync(content, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
  })
  return { raw: content.length, gzip: gzip.length, brotli: brotli.length }
})
console.log(JSON.stringify(sizes))
