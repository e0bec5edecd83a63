import { useState } from 'react'
import { Button, Text, View } from '@tarojs/components'
import { post } from '../../post'
import { forgetKey, setAccount, startSoterAuthentication } from '../../soter'

export default () => {
  const [words, say] = useState('')

  const logIn = async () => {
    await post('/log-in', { account: 'ann' })
    setAccount('ann', (registration) => post('/key', registration))
    say('logged in')
  }

  const pay = async () => {
    try {
      const { challenge } = await post('/challenge', { order: 1 })
      const { resultJSON, resultJSONSignature } = await startSoterAuthentication({ challenge, authContent: 'Pay 12.00' })
      await post('/verify', { resultJSON, resultJSONSignature })
      say('paid')
    } catch (error) {
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
