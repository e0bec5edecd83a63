// A backend as one writes it for WeChat: it checks the result that a mini program sends it. Nothing here knows of wx-soter;
// the host is the only setting beside the app's own.
//
//   HOST=https://api.weixin.qq.com APPID=… SECRET=… node wechat-backend.mjs < result.json
import { text } from 'node:stream/consumers';

const { HOST = 'https://api.weixin.qq.com', APPID, SECRET } = process.env;

const getAccessToken = async () => {
  const query = new URLSearchParams({ grant_type: 'client_credential', appid: APPID, secret: SECRET });
  const response = await fetch(`${HOST}/cgi-bin/token?${query}`);
  const { access_token, errcode, errmsg } = await response.json();
  if (!access_token) throw new Error(`${errcode} ${errmsg}`);
  return access_token;
};

const verifySignature = async (accessToken, openid, { resultJSON, resultJSONSignature }) => {
  const response = await fetch(`${HOST}/cgi-bin/soter/verify_signature?access_token=${accessToken}`, {
    method: 'POST',
    body: JSON.stringify({ openid, json_string: resultJSON, json_signature: resultJSONSignature }),
  });
  const { errcode, errmsg, is_ok } = await response.json();
  if (errcode !== 0) throw new Error(`${errcode} ${errmsg}`);
  return is_ok;
};

const { openid, challenge, result } = JSON.parse(await text(process.stdin));
// It made the challenge itself, as backends of WeChat do, and so compares it itself.
const isFresh = JSON.parse(result.resultJSON).raw === challenge;
console.log(isFresh && (await verifySignature(await getAccessToken(), openid, result)) ? 'paid' : 'refused');
