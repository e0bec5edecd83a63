// A test in TypeScript on a machine without a browser.
import { type Emulator, createEmulator } from 'wx-soter/emulator'

const device: Emulator = createEmulator({
  user: 'cancel',
  warn: false,
  prompt: ({ signal, cancel }) => {
    if (signal.aborted) cancel()
    signal.addEventListener('abort', () => {})
    return undefined
  }
})
export const ended: Promise<number> = device.wx.startSoterAuthentication({ challenge: 'c' }).then(({ errCode }) => errCode)
