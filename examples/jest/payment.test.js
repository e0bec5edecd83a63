const { createEmulator } = require('wx-soter/emulator')

jest.useFakeTimers()

test('a wrong finger, the right one, and nobody there', async () => {
  const device = createEmulator({ delay: 1000 })
  device.user = ({ attempt }) => (attempt === 1 ? 'mismatch' : 'accept')
  const paid = device.wx.startSoterAuthentication({ challenge: 'from your server', authContent: 'Pay 12.00' })
  await jest.advanceTimersByTimeAsync(2000)
  expect((await paid).errMsg).toBe('startSoterAuthentication:ok')

  device.user = 'ignore'
  const late = expect(device.wx.startSoterAuthentication()).rejects.toMatchObject({ errCode: 90007, reason: 'timeout' })
  await jest.advanceTimersByTimeAsync(60_000)
  await late
})
