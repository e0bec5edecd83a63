/** Sends JSON to your server, and gives what it answers. Where that is a refusal, it rejects with its status and its reason. */
const send = async (method, url, data) => {
  // By callbacks: what it resolves with without them is another thing on Vue 2.
  const { statusCode: status, data: answer } = await new Promise((success, fail) =>
    uni.request({ url, data, method, withCredentials: true, success, fail })
  )
  if (status < 300) return answer
  const reason = answer?.reason
  throw Object.assign(new Error(reason ?? `${url}: ${status}`), { status, reason })
}

export const get = (url) => send('GET', url)
export const post = (url, data) => send('POST', url, data)
