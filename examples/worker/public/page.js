import { confirmer } from './confirmer.js'

const [form, button, status] = ['form', '#pay', '[role=status]'].map((each) => document.querySelector(each))

const WORDS = new Map([
  ['another-account', 'Somebody else has logged in. Please load the page anew.'],
  ['no-challenge', 'Please try again.'],
  ['enrolment-refused', 'Your device could not be registered. Please try again.'],
  ['cancelled', 'Cancelled.'],
  ['timeout', 'That took too long. Please try again.'],
  ['not-allowed', 'That was not confirmed. Please try again.']
])
const OTHERWISE = 'That did not work. Please confirm in another way.'
const wordsFor = ({ status, reason }) => (status === 401 ? 'Please log in again.' : (WORDS.get(reason) ?? OTHERWISE))

/** Posts JSON. Where the answer is a refusal, it rejects with its status and its members. */
const post = async (path, body) => {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })
  const isJson = response.headers.get('content-type')?.includes('json')
  const answer = isJson ? await response.json() : {}
  const { ok, status } = response
  if (!ok) throw Object.assign(new Error(answer.reason ?? `${path}: ${status}`), { ...answer, status })
  return answer
}

form.onsubmit = async (event) => {
  event.preventDefault()
  const account = form.account.value
  await post('/log-in', { account })
  const confirm = confirmer(account, post)
  let order = 0
  button.hidden = false
  button.onclick = async () => {
    button.disabled = true
    try {
      order += 1
      status.textContent = (await confirm(order)) ? `Order ${order} is paid for.` : 'Please press once more.'
    } catch (error) {
      console.warn(error.message, error.reason, error.detail)
      status.textContent = wordsFor(error)
    } finally {
      button.disabled = false
    }
  }
}
