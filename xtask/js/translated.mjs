// What wasm2js made of a module, as a module of JavaScript that exports a function in place of `WebAssembly.instantiate`: it takes
// the imports, and makes a new instance each time.
import { readFile } from 'node:fs/promises';

/** The contents of memory, as wasm2js writes them; in base64, of which texts are three fifths as long. */
const SEGMENT = /\bbase64DecodeToExistingUint8Array\(bufferView, (\d+), "([\w+/=]*)"\)/g;
const DECODER = /\n {2}var base64ReverseLookup[^]*?\n {2}function base64DecodeToExistingUint8Array[^]*?\n {2}\}\n/;
const PUT = `
function put(at, text) {
  for (var i = 0; i < text.length; i++) bufferView[at + i] = text.charCodeAt(i);
}
`;
/** An instance for the one who imports the file. */
const INSTANCE = /\nvar retasmFunc = asmFunc\([^]*$/;
const IMPORT = /^import \* as \w+ from '\w+';$/gm;

const replaced = (text, pattern, by) => {
  const changed = text.replace(pattern, by);
  if (changed === text) throw new Error(`wasm2js writes what is not known here: there is no ${pattern}`);
  return changed;
};

/** @param {string} file */
export const readTranslated = async file => {
  let text = await readFile(file, 'utf8');
  text = replaced(
    text,
    SEGMENT,
    (_, at, base64) => `put(${at}, ${JSON.stringify(Buffer.from(base64, 'base64').toString('latin1'))})`,
  );
  text = replaced(text, DECODER, PUT);
  text = replaced(text, INSTANCE, '\nexport default asmFunc;\n');
  text = replaced(text, IMPORT, '');
  return text;
};
