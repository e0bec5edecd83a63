import { useState } from 'react'
import { Button, Text, View } from '@tarojs/components'
import { post } from '../../post'
import { forgetKey, setAccount, startSoterAuthentication } from '../../soter'

export default function Index() {
  const [words, say] = useState('')

  const logIn = async () => {
    await post('/log-in', { account: 'ann' })
    setAccount('ann', (registration) => post('/soter/key', registration))
    say('logged in')
  }

  const pay = async () => {
    try {
      const { challenge } = await post('/soter/challenge', { order: 1 })
      const { resultJSON, resultJSONSignature } = await startSoterAuthentication({ challenge, authContent: 'Pay 12.00' })
      await post('/soter/verify', { resultJSON, resultJSONSignature })
      say('paid')
    } catch (error) {
      console.warn(error.message, error.reason, error.detail)
      const isKeyUnknown = error.reason === 'credential-unknown'
      if (isKeyUnknown) await forgetKey()
      say(isKeyUnknown ? 'please press once more' : error.message)
    }
  }

  return (
    <View>
      <Button id='log-in' onClick={logIn}>Log in as ann</Button>
      <Button id='pay' onClick={pay}>Pay 12.00</Button>
      <Text id='status'>{words}</Text>
    </View>
  )
}
