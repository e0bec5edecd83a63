// Every entry has types.
import { configure as configureGlobal } from 'wx-soter/auto'
import * as main from 'wx-soter'
import * as slim from 'wx-soter/slim'
import { type UserAction, type Emulator, type User, createEmulator } from 'wx-soter/emulator'

// One set of types, so that code may switch from one to the other.
export const wx: main.Wx = slim.createWx()
export const same: typeof main.install = slim.install
slim.init('/core.wasm')

const person: User = async ({ authContent, authMode, attempt }) =>
  authContent && authMode === 'facial' && attempt < 3 ? 'mismatch' : 'accept'
export const device: Emulator = createEmulator({ supportMode: ['facial'], user: person, seed: 7, prompt: 'dialog' })
export const calls: main.Wx = device.wx
export const host: { request(): void } & main.Wx = device.install({ request() {} }, { override: true })
device.user = 'cancel' satisfies UserAction
// Whose key it is, who gets new ones, and one that a server does not know.
const onKeyCreated: main.Settings['onKeyCreated'] = ({ id }, { uid }) => fetch('/key', { method: 'POST', body: id + uid })
configureGlobal({ user: { id: 'ann' }, onKeyCreated })
main.configure({ onKeyCreated: ({ id }) => void id })
createEmulator({ onKeyCreated })
export const forgotten: Promise<boolean>[] = [
  main.forgetKey(),
  main.forgetKey({ user: { id: 'ann' } }, { signalUnknownCredential: false }),
  device.forgetKey()
]
// @ts-expect-error
main.configure({ onKeyCreate() {} })
// @ts-expect-error
main.forgetKey({}, { signal: false })
device.enroll('facial')
// @ts-expect-error
device.user = 'acept'
// @ts-expect-error
device.enrolled = []
// @ts-expect-error
createEmulator({ suportMode: [] })
// @ts-expect-error
main.default
// @ts-expect-error
export const nothing = import('wx-soter/dist/index.js')
