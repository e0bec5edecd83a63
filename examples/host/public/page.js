import { createWx } from 'wx-soter'
import { createEmulator } from 'wx-soter/emulator'
import { createContainer } from './container.js'
import { registerSoter } from './soter.js'

const [isEmulated, button, status] = ['#emulator', '#pay', '[role=status]'].map((each) => document.querySelector(each))

const container = createContainer('mini-program.js')
const useDevice = () =>
  registerSoter(container, isEmulated.checked ? createEmulator({ dialect: 'wechat' }).wx : createWx())

useDevice()
isEmulated.onchange = useDevice
button.onclick = () => container.send('pay')
container.listen((type, text) => {
  if (type === 'show') status.textContent = text
})
