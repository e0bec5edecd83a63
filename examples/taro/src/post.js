import Taro from '@tarojs/taro'

/** Posts JSON. It rejects with the members of the answer where that is a refusal. */
export const post = async (url, data) => {
  const { statusCode, data: answer } = await Taro.request({ url, data, method: 'POST', credentials: 'include' })
  if (statusCode < 300) return answer
  throw Object.assign(new Error(answer?.reason ?? `${url}: ${statusCode}`), answer)
}
