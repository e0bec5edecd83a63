import { useEffect, useState } from 'react'
import { Button, Text, View } from '@tarojs/components'
import { get, post } from '../../post'
import { soterFor } from '../../soter'

const WORDS = new Map([
  ['credential-unknown', 'Please press once more.'],
  ['cancelled', 'Cancelled.'],
  ['timeout', 'That took too long. Please try again.'],
  ['not-allowed', 'That was not confirmed. Please try again.'],
  ['enrolment-refused', 'Your device could not be registered. Please try again.'],
  ['no-challenge', 'Please try again.'],
  ['another-account', 'Somebody else has logged in. Please load the page anew.']
])

export default function Index() {
  const [account, setAccount] = useState('')
  const [words, say] = useState('')
  const [isBusy, setBusy] = useState(false)

  /** Does it, with the button disabled, and says what went wrong. */
  const attempt = async (act) => {
    setBusy(true)
    say('')
    try {
      say(await act())
    } catch (error) {
      console.warn(error.errMsg ?? error.message, error.reason, error.detail)
      const isLoggedOut = error.status === 401
      if (isLoggedOut) setAccount('')
      const otherwise = 'That did not work. Please confirm in another way.'
      say(isLoggedOut ? 'Please log in again.' : (WORDS.get(error.reason) ?? otherwise))
    } finally {
      setBusy(false)
    }
  }

  // The session outlives the page: after a reload only the server knows whose it is.
  useEffect(() => {
    attempt(async () => {
      setAccount((await get('/log-in')).account ?? '')
      return ''
    })
  }, [])

  const logIn = () =>
    attempt(async () => {
      await post('/log-in', { account: 'ann' })
      setAccount('ann')
      return 'Logged in.'
    })

  const pay = () =>
    attempt(async () => {
      const soter = soterFor(account, (registration) => post('/soter/key', registration))
      const { challenge } = await post('/soter/challenge', { account, order: 1 })
      const { resultJSON, resultJSONSignature } = await soter.startSoterAuthentication({
        challenge,
        requestAuthModes: ['fingerPrint', 'facial'],
        authContent: 'Pay 12.00'
      })
      try {
        await post('/soter/verify', { resultJSON, resultJSONSignature })
      } catch (error) {
        // The server has not got this key: the next press makes another.
        if (error.reason === 'credential-unknown') await soter.forgetKey()
        throw error
      }
      return 'Paid.'
    })

  const button = account ? (
    <Button id='pay' disabled={isBusy} onClick={pay}>Pay 12.00</Button>
  ) : (
    <Button id='log-in' disabled={isBusy} onClick={logIn}>Log in as ann</Button>
  )

  return (
    <View>
      {button}
      <Text id='status'>{words}</Text>
    </View>
  )
}
