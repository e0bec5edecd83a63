// The settings, and where the module comes from.
import { createWx, init, install } from 'wx-soter'
import type { InstallOptions, Prompt, RegistrationJSON, Settings } from 'wx-soter'

const memory = new Map<string, string>()

export const every: Required<Settings> = {
  rpId: 'shop.example',
  rpName: 'Shop',
  user: { id: 'u1', name: 'ann', displayName: 'Ann' },
  authenticators: 'any',
  modes: ['facial'],
  timeout: 30_000,
  prompt: 'none',
  lang: 'zh-CN',
  storage: {
    getItem: (name) => memory.get(name) ?? null,
    setItem: (name, value) => void memory.set(name, value)
  },
  onKeyCreated: async (registration) => void (await fetch('/keys', { method: 'POST', body: JSON.stringify(registration) })),
  dialect: 'tcmpp'
}
createWx(every)
createWx({ storage: sessionStorage })
createWx()
createWx({ user: { id: 'u1' } })

// A registration is what the platform's own types call so.
createWx({ onKeyCreated: (registration: RegistrationJSON) => registration.response.publicKey })
export const platform = (registration: RegistrationJSON): RegistrationResponseJSON => registration

// Prompts of the page's own.
const bare: Prompt = ({ authContent, signal, cancel }) => {
  const stop = () => void console.log(authContent)
  signal.addEventListener('abort', stop)
  setTimeout(cancel, 1000)
}
const later: Prompt = async ({ lang = 'en', authMode }) => `${lang} ${authMode}`
const clickable: Prompt = () => ({ askForClick: () => Promise.resolve() })
for (const prompt of [bare, later, clickable]) createWx({ prompt })

const options: InstallOptions = { override: true, lang: 'en' }
const host = install({ getEnv: () => 'WEB' }, options)
host.getEnv()
host.startSoterAuthentication({ challenge: 'c' })

// Every source of the module.
init('/core.wasm')
init(new URL('https://shop.example/core.wasm'))
init(new Uint8Array(8))
init(new ArrayBuffer(8))
init(fetch('/core.wasm'))
init(Promise.resolve('/core.wasm'))
export const compiled = (module: WebAssembly.Module) => init(module)

// What is no setting.
// @ts-expect-error
createWx({ timeout: '30' })
// @ts-expect-error
createWx({ prompt: 'popup' })
// @ts-expect-error
createWx({ authenticators: 'cross-platform' })
// @ts-expect-error
createWx({ modes: ['iris'] })
// @ts-expect-error
createWx({ dialect: 'alipay' })
// @ts-expect-error
createWx({ user: { id: 7 } })
// @ts-expect-error
createWx({ storage: {} })
// @ts-expect-error
createWx({ override: true })
// @ts-expect-error
createWx({ timout: 1000 })
// @ts-expect-error
createWx({ user: { nmae: 'Ann' } })
// @ts-expect-error
install({}, { overide: true })
// @ts-expect-error
createWx('wechat')
// @ts-expect-error
createWx({ prompt: () => ({ askForClick: 'please' }) })
// @ts-expect-error
install(undefined)
// @ts-expect-error
install('wx')
