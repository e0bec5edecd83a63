// Every entry has types.
import 'wx-soter/auto'
import * as main from 'wx-soter'
import * as slim from 'wx-soter/slim'

// One set of types, so that code may switch from one to the other.
export const wx: main.Wx = slim.createWx()
export const same: typeof main.install = slim.install
slim.init('/core.wasm')
// @ts-expect-error
main.default
// @ts-expect-error
export const nothing = import('wx-soter/dist/index.js')
