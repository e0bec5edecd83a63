// Takes out of wasm-bindgen's JavaScript what this package never uses, which is a tenth of what it runs. Each piece has
// to be there: another version of wasm-bindgen may write it in other words, and then somebody has to look.

const PIECES = [
  // The module never asks to be replaced; the loader replaces it.
  [/ +__wbg_call_guard\(\);\n/g, ''],
  [/^ +__wbg_reinit_scheduled = false;\n/gm, ''],
  // The loader always gives a compiled module, once.
  [
    /function initSync\(module\) \{\n[^]*?\n\}\n/g,
    `function initSync({ module }) {
    __wbg_finalize_init(new WebAssembly.Instance(module, __wbg_get_imports()), module);
}
`
  ],
  // What crosses is short, so one way of encoding does, and Safari's decoder never gets to the 2 GiB that break it.
  [
    /function passStringToWasm0\(arg, malloc, realloc\) \{\n[^]*?\n\}\n/g,
    `function passStringToWasm0(arg, malloc) {
    const bytes = cachedTextEncoder.encode(arg);
    const ptr = malloc(bytes.length, 1) >>> 0;
    getUint8ArrayMemory0().set(bytes, ptr);
    WASM_VECTOR_LEN = bytes.length;
    return ptr;
}
`
  ],
  [/, wasm\.__wbindgen_realloc\)/g, ')'],
  [/if \(!\('encodeInto' in cachedTextEncoder\)\) \{\n[^]*?\n\}\n/g, ''],
  [/ *if \(typeof numBytesDecoded !== 'undefined'\) .*\n/g, ''],
  [/ *if \(typeof WASM_VECTOR_LEN !== 'undefined'\) .*\n/g, ''],
  [
    /const MAX_SAFARI_DECODE_BYTES = [^]*?\nfunction decodeText\(bytes\) \{\n[^]*?\n\}\n/g,
    `function decodeText(bytes) {
    return cachedTextDecoder.decode(bytes);
}
`
  ],
  // Rust drops each closure itself.
  [/const CLOSURE_DTORS = [^]*?\n\}\);\n/g, ''],
  [/ *CLOSURE_DTORS\..*\n/g, '']
]

/** @param {string} glue the generated JavaScript */
export const trimGlue = (glue) =>
  PIECES.reduce((rest, [piece, instead]) => {
    const trimmed = rest.replace(piece, instead)
    if (trimmed === rest) throw new Error(`wasm-bindgen's JavaScript has changed: there is no ${piece}`)
    return trimmed
  }, glue)
