// Takes out of wasm-bindgen's JavaScript what this package never uses, and says the rest in fewer words. Each piece has to
// be there: another version of wasm-bindgen may write it in other words, and then somebody has to look.

const PIECES = [
  // The module never asks to be replaced; the loader replaces it.
  [/ +__wbg_call_guard\(\);\n/g, ''],
  // The loader has a start of its own, and `__wbindgen_start` calls this one.
  [/export function start\(\) \{\n[^]*?\n\}\n/g, ''],
  [/let __wbg_instance_id = 0;\n/g, ''],
  // Nor does it need the other ways to start, which stand at the end.
  [/let wasmModule, wasmInstance, wasm;\nfunction __wbg_finalize_init[^]*\nexport \{ initSync, __wbg_init as default \};\n$/g, 'let wasmModule, wasm;\n'],
  // The loader always gives a compiled module, and starts the first instance like the later ones.
  [
    /function __wbg_reset_state \(\) \{\n[^]*?\n\}\n/g,
    `function __wbg_reset_state(module = wasmModule) {
    wasmModule = module;
    wasm = new WebAssembly.Instance(module, __wbg_get_imports()).exports;
    wasm.__wbindgen_start();
}
`
  ],
  [/ +__proto__: null,\n/g, ''],
  // A view is cheap, and one that is not kept is never that of a memory which has grown since.
  [/let cached(DataView|Uint8Array)Memory0 = [^]*?\n\}\n/g, ''],
  [
    /function getArrayU8FromWasm0\(ptr, len\) \{\n[^]*?\n\}\n/g,
    `function getArrayU8FromWasm0(ptr, len) {
    return new Uint8Array(wasm.memory.buffer, ptr, len);
}
`
  ],
  [
    /function getStringFromWasm0\(ptr, len\) \{\n[^]*?\n\}\n/g,
    `function getStringFromWasm0(ptr, len) {
    return cachedTextDecoder.decode(getArrayU8FromWasm0(ptr, len));
}
`
  ],
  [/\ncachedTextDecoder\.decode\(\);\n/g, '\n'],
  // What crosses is short, so one way of encoding does. Gives what the module wants of a string: where it is, how long.
  [
    /function passStringToWasm0\(arg, malloc, realloc\) \{\n[^]*?\n\}\n/g,
    `function passStringToWasm0(text) {
    const bytes = cachedTextEncoder.encode(text);
    const ptr = wasm.__wbindgen_malloc(bytes.length, 1);
    getArrayU8FromWasm0(ptr, bytes.length).set(bytes);
    return [ptr, bytes.length];
}
function returnPair(at, pair) {
    new Int32Array(wasm.memory.buffer, at, 2).set(pair);
}
`
  ],
  [
    /const ptr0 = passStringToWasm0\((\w+), .*\n *const len0 = WASM_VECTOR_LEN;\n([^]*?)\(ptr0, len0\)/g,
    '$2(...passStringToWasm0($1))'
  ],
  [
    /\w+ ptr1 = (isLikeNone\(ret\) \? )?(0 : )?passStringToWasm0\(ret, .*\n.*\n *getDataViewMemory0\(\)\.setInt32\(\((arg\d+) >>> 0\).*\n.*\n/g,
    (_, ifNone = '', none, at) => `returnPair(${at}, ${ifNone}${none ? '[0, 0] : ' : ''}passStringToWasm0(ret));\n`
  ],
  [/if \(!\('encodeInto' in cachedTextEncoder\)\) \{\n[^]*?\n\}\n/g, ''],
  // Only a panic says this, and its instance is over.
  [/let deferred0_0;[^]*?(console\.error\(.*\n)[^]*?\n {12}\}\n/g, '$1'],
  // No import looks at its `this`.
  [/^( +\w+: )function(\(.*\)) \{$/gm, '$1$2 => {']
]

// A module that hands out no bytes has no such function; what others become needs it all the same.
const withBytes = (glue) =>
  glue.includes('function getArrayU8FromWasm0')
    ? glue
    : glue.replace('function getStringFromWasm0', 'function getArrayU8FromWasm0(ptr, len) {\n\n}\n$&')

/** @param {string} glue the generated JavaScript */
export const trimGlue = (glue) => {
  // A trap in what a promise calls would reach nobody. `Call.expect` is where the module waits.
  if (/queueMicrotask|\.then\(/.test(glue)) throw new Error('the module sees a promise')
  return PIECES.reduce((rest, [piece, instead]) => {
    const trimmed = rest.replace(piece, instead)
    if (trimmed === rest) throw new Error(`wasm-bindgen's JavaScript has changed: there is no ${piece}`)
    return trimmed
  }, withBytes(glue))
}
