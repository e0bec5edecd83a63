// What docs/errors.md says of each reason: what happened, what to tell the person, and what the page's maker does. In English and in
// Chinese. Codes, reasons and messages are not here: they come from src/failure.rs.

const AGAIN = ['Something went wrong. Please try again.', '出了点问题，请重试。'];
/** For mistakes of the page, which a second try does not mend. */
const MISTAKE = ['Something went wrong. Please confirm in another way.', '出了点问题，请换用其他方式验证。'];
const OTHERWISE = ['Please confirm in another way.', '请换用其他方式验证。'];

/** @type {Record<string, { why: string[], tell: string[], act: string[] }>} */
export const WORDS = {
  'insecure-context': {
    why: ['The page was not loaded over HTTPS, nor from `localhost`.', '页面不是通过 HTTPS 加载的，也不在 `localhost` 上。'],
    tell: ['Please open this page by its https:// address.', '请用 https:// 地址打开本页。'],
    act: ['Serve the page over HTTPS.', '改用 HTTPS 提供页面。'],
  },
  'no-webauthn': {
    why: [
      'The browser, or the app that shows the page, has no WebAuthn or an old one.',
      '浏览器或显示页面的应用没有 WebAuthn，或版本太旧。',
    ],
    tell: [
      "Please update your browser, or open this page in your phone's own browser.",
      '请更新浏览器，或用手机自带的浏览器打开本页。',
    ],
    act: ['Offer another way to confirm.', '提供其他验证方式。'],
  },
  'invalid-host': {
    why: [
      "The page's host is an IP address, a file or an app's own scheme, or `rpId` does not fit it.",
      '页面的主机是 IP 地址、本地文件或应用自有协议，或与 `rpId` 不符。',
    ],
    tell: OTHERWISE,
    act: [
      'Use a domain. Set `rpId` to it, or to a parent of it, or leave it out.',
      '使用域名；`rpId` 设为该域名或其上级域名，或者不设。',
    ],
  },
  'blocked-by-policy': {
    why: [
      'A permissions policy, or an iframe without `allow`, forbids WebAuthn.',
      '权限策略或缺少 `allow` 的 iframe 禁用了 WebAuthn。',
    ],
    tell: ['Please open this page in a window of its own.', '请在单独的窗口中打开本页。'],
    act: [
      'Give the iframe `allow="publickey-credentials-create; publickey-credentials-get"`.',
      '给 iframe 加上 `allow="publickey-credentials-create; publickey-credentials-get"`。',
    ],
  },
  'no-platform-authenticator': {
    why: ['The device has nothing that could verify a person.', '设备没有能验证用户的认证器。'],
    tell: [
      'This device has no fingerprint or face recognition. Please confirm in another way.',
      '这台设备没有可用的指纹或面容验证，请换用其他方式。',
    ],
    act: [
      "Offer another way, or set `authenticators: 'any'` for security keys and phones.",
      "提供其他方式，或设置 `authenticators: 'any'`，允许使用安全密钥和手机。",
    ],
  },
  'mode-not-supported': {
    why: ['None of the requested modes is supported.', '请求的认证方式都不支持。'],
    tell: OTHERWISE,
    act: ['Ask for modes that `supportMode` lists.', '只请求 `supportMode` 中列出的方式。'],
  },
  'bad-challenge': {
    why: [
      '`challenge` is empty, over 512 characters, or not well-formed Unicode.',
      '`challenge` 为空、超过 512 个字符，或不是格式正确的 Unicode。',
    ],
    tell: MISTAKE,
    act: ["Pass your server's text as it is.", '原样传入服务器下发的字符串。'],
  },
  'bad-auth-content': {
    why: ['`authContent` is over 42 characters.', '`authContent` 超过 42 个字符。'],
    tell: MISTAKE,
    act: ['Shorten it.', '缩短它。'],
  },
  'bad-parameter': {
    why: ['A field has the wrong type; `errMsg` names it.', '某个字段类型错误，`errMsg` 会指出是哪一个。'],
    tell: MISTAKE,
    act: ['Correct the call.', '修正调用代码。'],
  },
  'enrolment-refused': {
    why: ['Your `onKeyCreated` rejected the new key.', '你的 `onKeyCreated` 拒绝了新密钥。'],
    tell: ['Your device could not be registered. Please try again.', '未能登记这台设备，请重试。'],
    act: [
      "`detail` has the error's words. Look at what your server answered. The next start makes another key.",
      '`detail` 中有错误的原文，请查看服务器的答复。下一次 start 会另建一个密钥。',
    ],
  },
  timeout: {
    why: ['Nobody answered within `timeout` milliseconds.', '`timeout` 毫秒内没有结果。'],
    tell: ['That took too long. Please try again.', '等待时间过长，请重试。'],
    act: ['Let the person try again.', '让用户再试一次。'],
  },
  busy: {
    why: [
      'Another authentication is open in this tab. Passkey autofill counts as one.',
      '本标签页中还有一个验证未结束；通行密钥的自动填充也算。',
    ],
    tell: ['Please finish the confirmation that is open.', '请先完成正在进行的验证。'],
    act: [
      'Disable the button during a call. [End autofill first.](troubleshooting.md#busy-although-nothing-is-open)',
      '调用期间禁用按钮；[先结束自动填充](troubleshooting.md#明明没有别的验证却报-busy)。',
    ],
  },
  'webassembly-blocked': {
    why: [
      'A Content-Security-Policy or a mode of the browser blocks WebAssembly.',
      '内容安全策略或浏览器的某种模式禁用了 WebAssembly。',
    ],
    tell: OTHERWISE,
    act: [
      "Add `'wasm-unsafe-eval'` to `script-src`, or use `wx-soter/no-wasm`.",
      "在 `script-src` 中加入 `'wasm-unsafe-eval'`，或改用 `wx-soter/no-wasm`。",
    ],
  },
  'not-focused': {
    why: ['The page was not in front, or nobody had clicked on it.', '页面不在前台，或用户没有点击过页面。'],
    tell: ['Please click the button once more.', '请再点一次按钮。'],
    act: ['Call from a click.', '在点击事件中发起调用。'],
  },
  internal: {
    why: ['Something that should not happen. `detail` says what.', '发生了不该发生的情况，`detail` 会说明。'],
    tell: AGAIN,
    act: ['Log `detail`.', '记录 `detail`。'],
  },
  cancelled: {
    why: ['The person pressed Cancel.', '用户按了取消。'],
    tell: ['Cancelled.', '已取消。'],
    act: ['Leave the page as it is.', '页面保持原样。'],
  },
  'not-allowed': {
    why: [
      'The person cancelled, or was not recognised, or the key is gone. Browsers do not tell which.',
      '用户取消、验证未通过或密钥已不在；浏览器不说明是哪一种。',
    ],
    tell: ['That was not confirmed. Please try again.', '验证未完成，请重试。'],
    act: [
      'Let the person try again. After two in a row the next start finds out whether the key is still there. If it is gone, or fails once more, it makes another: [the old one may still be there.](troubleshooting.md#not-allowed-again-and-again)',
      '让用户重试。连续两次之后，下一次 start 会查明密钥是否还在；如果已经不在，或再次失败，则新建一个：[旧的可能仍在](troubleshooting.md#反复出现-not-allowed)。',
    ],
  },
  'not-verified': {
    why: ['The authenticator answered, but its answer does not hold.', '认证器作出了应答，但应答经不起校验。'],
    tell: ['We could not confirm that it is you. Please try again.', '未能确认是你本人，请重试。'],
    act: ['Treat it as a no. Log `detail` if it comes again.', '按未通过处理；反复出现时记录 `detail`。'],
  },
  'locked-out': {
    why: ['Too many wrong tries. Only the emulator tells; browsers do not.', '错误次数过多。只有模拟设备会这样说，浏览器不会。'],
    tell: ['Too many attempts. Please wait a little and try again.', '尝试次数过多，请稍后再试。'],
    act: ['Let the person wait.', '请用户稍等。'],
  },
  'not-enrolled': {
    why: ['The device could verify a person, but nothing is set up.', '设备具备条件，但用户还没有录入指纹、面容或设置锁屏。'],
    tell: [
      "Please set up a fingerprint, a face or a screen lock in your device's settings.",
      '请先在系统设置中录入指纹、面容，或设置锁屏密码。',
    ],
    act: ['Offer another way until then.', '在此之前提供其他方式。'],
  },
};
