const [form, pay, status] = ['form', '#pay', '[role=status]'].map((each) => document.querySelector(each))

export const button = pay
export const say = (words) => void (status.textContent = words)

/** Who is logged in, once somebody is. */
export const accountId = await new Promise((loggedIn) => {
  form.onsubmit = async (event) => {
    event.preventDefault()
    const account = form.account.value
    const headers = { 'content-type': 'application/json' }
    const { ok } = await fetch('/log-in', { method: 'POST', headers, body: JSON.stringify({ account }) })
    if (ok) loggedIn(account)
    else say('The log-in failed.')
  }
})

form.hidden = true
button.hidden = false
