// Prints the sizes of what pages and servers load, and fails where one is over its budget:
//   node xtask/js/size.mjs [--write | --no-budget]
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { writeTable } from './write-table.mjs';

/** The files, what they are, and how many bytes of brotli they may have: some five per cent more than they had, against accidents. */
const FILES = /** @type {[string, string, number?][]} */ ([
  ['wx-soter.global.js', 'the complete script', 62 * 1024],
  ['wx-soter.loader.js', 'the same in three files: the calls', 8 * 1024],
  ['core.js', 'what the loader fetches'],
  ['core.wasm', 'and the module'],
  ['wx-soter.no-wasm.js', 'the complete script without WebAssembly', 80 * 1024],
  ['index.js', "`import 'wx-soter'`"],
  ['slim.js', "`import 'wx-soter/slim'`, without the module"],
  ['no-wasm.js', "`import 'wx-soter/no-wasm'`"],
  ['emulator.js', "`import 'wx-soter/emulator'`", 77 * 1024],
  // Servers load it once; most of it reads X.509 certificates.
  ['server.js', "`import 'wx-soter/server'`", 121 * 1024],
]);

const measured = FILES.map(([file, what, budget]) => {
  const content = readFileSync(new URL(`../../pkg/dist/${file}`, import.meta.url));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  const gzip = gzipSync(content, { level: 9 }).length;
  return { file, what, budget, raw: content.length, gzip, brotli: brotliCompressSync(content, { params }).length };
});
const rows = measured.map(({ file, what, raw, gzip, brotli }) => `| \`${file}\` | ${what} | ${raw} | ${gzip} | ${brotli} |`);
const table = ['| file | | bytes | gzip -9 | brotli -11 |', '| --- | --- | ---: | ---: | ---: |', ...rows].join('\n');
console.log(table);
if (process.argv.includes('--write')) writeTable('README.md', 'size', table);
for (const { file, brotli, budget } of process.argv.includes('--no-budget') ? [] : measured) {
  if (!budget) continue;
  console.log(`${file}: ${brotli} of ${budget} bytes in brotli`);
  if (brotli <= budget) continue;
  console.error(`error: ${file} is ${brotli - budget} bytes over its budget`);
  process.exitCode = 1;
}
