import { confirmer } from './confirmer.js'

const [form, button, status] = ['form', '#pay', '[role=status]'].map((each) => document.querySelector(each))

/** Posts JSON. It rejects with the members of the answer where that is a refusal. */
const post = async (path, body) => {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })
  const isJson = response.headers.get('content-type')?.includes('json')
  const answer = isJson ? await response.json() : {}
  if (!response.ok) throw Object.assign(new Error(answer.reason ?? `${path}: ${response.status}`), answer)
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
    try {
      order += 1
      status.textContent = (await confirm(order)) ? `Order ${order} is paid for.` : 'Please press once more.'
    } catch (error) {
      console.warn(error.message, error.reason, error.detail)
      status.textContent = error.message
    }
  }
}
