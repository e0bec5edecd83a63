// In the place of the browser each account has a device of its own.
jest.mock('wx-soter', () => {
  const { createEmulator } = require('wx-soter/emulator')
  const devices = new Map() // user.id → device
  const deviceOf = ({ user, onKeyCreated }) => {
    if (!devices.has(user.id)) devices.set(user.id, createEmulator({ onKeyCreated, warn: false }))
    return devices.get(user.id)
  }
  const createWx = (settings) => deviceOf(settings).wx
  const forgetKey = (settings) => deviceOf(settings).forgetKey()
  return { createWx, forgetKey, devices }
})
const { devices } = jest.requireMock('wx-soter')
const { confirmer } = require('./confirmer')

beforeEach(() => devices.clear())

test('a confirmation, a cancel, and a key that the server has lost', async () => {
  const post = jest.fn(async () => ({ challenge: 'from your server' }))
  const paths = () => post.mock.calls.splice(0).map(([path]) => path)
  const confirm = confirmer('ann', post)
  expect(await confirm(1)).toBe(true)
  expect(paths()).toEqual(['/soter/challenge', '/soter/key', '/soter/verify'])

  devices.get('ann').user = 'cancel'
  await expect(confirm(2)).rejects.toMatchObject({ reason: 'cancelled' })
  devices.get('ann').user = 'accept'

  const lost = Object.assign(new Error('403'), { reason: 'credential-unknown' })
  post.mockResolvedValueOnce({ challenge: 'another challenge' }).mockRejectedValueOnce(lost)
  expect(await confirm(3)).toBe(false)
  paths()
  expect(await confirm(3)).toBe(true)
  expect(paths()).toEqual(['/soter/challenge', '/soter/key', '/soter/verify'])
})
