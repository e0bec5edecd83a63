// docs/zh-CN/reference.md in Chinese, by the English of pkg/types/: whoever changes the one is reminded of the other.

/** @type {Record<string, string>} */
export const CHINESE = {
  'The calls with default settings. Touches nothing global.': '使用默认设置的接口，不触碰任何全局对象。',
  'The calls with your settings, which are read once, at this moment.': '使用你的设置的接口。设置只在此刻读取一次。',
  'Puts the calls and `canIUse` on an object, and returns it. Methods that the object already has are kept, unless `override` is true. Without settings they are the calls of `wx`.':
    '把接口和 `canIUse` 放到对象上，并返回该对象。对象已有的方法保持不变，除非 `override` 为 true。不带设置时，放上去的是 `wx` 的接口。',
  'Changes the settings of `wx` for all calls from now on. With the plain script and with `wx-soter/auto` that is the global `wx`. Calls that `install` has put on an object without settings of their own change with it. Settings that are not named stay as they are.':
    '修改 `wx` 的设置，对此后的所有调用生效。使用普通脚本或 `wx-soter/auto` 时，就是全局的 `wx`。`install` 不带设置放到对象上的接口也随之改变。没有提到的设置保持不变。',
  'Forgets the key that is remembered under these settings, or those of `wx`, so that the next start makes another. For keys that your server does not know, or does not know any more.':
    '忘记在这些设置（不传则为 `wx` 的设置）下记住的密钥，使下一次 start 新建一个。用于服务器不认识或不再认识的密钥。',
  'Whether a call, option, result or value is there.': '某个接口、选项、返回值或取值是否存在。',
  'Starts the module before the first call does. `wx-soter/slim` has no module inside, and has to be told where it is. Rejects where the module cannot start.':
    '在首次调用之前启动模块。`wx-soter/slim` 没有内嵌模块，必须告知模块在哪里。模块无法启动时拒绝。',
  'A result in the standard form, for any WebAuthn server. The challenge it signs is the UTF-8 of `challenge`.':
    '把结果转换为标准格式，供任何 WebAuthn 服务端使用。被签名的挑战因子是 `challenge` 的 UTF-8 字节。',
  'Makes a device in software: the same calls through the same code as in a browser, over an authenticator that holds real keys and really signs. Devices share nothing.':
    '创建一台纯软件的设备：接口和代码与浏览器中的相同，底下的认证器持有真实的密钥并真正签名。设备之间互不影响。',
  'Checks a new key, as `onKeyCreated` got it.': '校验一个新密钥，即 `onKeyCreated` 得到的内容。',
  "Checks a result of `wx.startSoterAuthentication`: that a key of the user's has signed it, for this challenge and on this page, and that nobody has edited it.":
    '校验 `wx.startSoterAuthentication` 的结果：由该用户的密钥、针对这个挑战因子、在这个页面上签名，而且没有被改动。',
  "Checks the same in WebAuthn's own form: what `toAuthenticationResponse` gives, or the answer of any other passkey.":
    '校验 WebAuthn 标准格式的同样内容：`toAuthenticationResponse` 给出的，或任何其他通行密钥的应答。',
  "The relying party id, a domain such as `shop.example`; the page's host unless set.":
    '依赖方 ID，是一个域名，例如 `shop.example`；不设时为页面的主机名。',
  "The relying party's name, shown by some authenticators.": '依赖方的名称，有些认证器会显示。',
  "Whose key it is. Each `id` has a key of its own on this device; without one, or with `undefined`, all who use this site here share a key. The id is not in the key's user handle. The system's dialogs may show the name and the display name, or the id where there are none.":
    '是谁的密钥。每个 `id` 在这台设备上各有自己的密钥；不设或为 `undefined` 时，在这台设备上使用本站的所有人共用一把密钥。`id` 不会写入 user handle。系统对话框可能显示名称和显示名称；都没有设置时可能显示 `id`。',
  "`'any'` lets security keys and phones answer too.": "`'any'` 还允许使用安全密钥和手机。",
  'The modes that `supportMode` lists; the usual ones of the operating system unless set.':
    '`supportMode` 列出的方式；不设时按操作系统的常见情况。',
  'How long a whole call may take, in milliseconds; 60,000 unless set.': '整个调用的时限，单位毫秒；默认 60,000。',
  "What the person sees besides the system's own dialog.": '除系统对话框之外，用户还看到什么。',
  "The language of the dialog, a BCP 47 tag; the page's, else the browser's, unless set.":
    '对话框的语言，BCP 47 标签；不设时依次取页面和浏览器的语言。',
  'Where the key is remembered; `localStorage` unless set.': '密钥信息存放在哪里；默认 `localStorage`。',
  'Gets each new key before the first success; the key is kept only if this resolves.':
    '在第一次成功之前得到每个新密钥；只有它兑现后，密钥才会保留。',
  "Whose contract to follow where WeChat's and others differ.": '微信与其他平台的约定不同时，遵循谁的。',
  'What the person is asked to confirm, at most 42 characters; shown in the dialog.':
    '请用户确认什么，最多 42 个字符，显示在对话框中。',
  'What gets signed: 1 to 512 characters of well-formed Unicode, from your server, used once.':
    '被签名的内容：1 到 512 个字符，格式正确的 Unicode，由服务器下发，只用一次。',
  'The modes to choose from, in order of preference.': '可选的认证方式，按优先顺序排列。',
  'The first requested mode that is supported.': '请求的方式中第一个受支持的。',
  "JSON text that holds the challenge, the counter and what is signed; `''` without a challenge.":
    "JSON 字符串，含挑战因子、计数器和被签名的内容；没有挑战因子时为 `''`。",
  "The signature, base64; `''` without a challenge.": "签名，base64 编码；没有挑战因子时为 `''`。",
  "Empty only with `dialect: 'wechat'`, on a device that cannot verify anybody.":
    "只有设置 `dialect: 'wechat'` 且设备不支持时才为空。",
  'Whether a user-verifying authenticator is set up now.': '此刻是否已设置能验证用户的认证器。',
  "The call's name, then WeChat's exact words, for example `startSoterAuthentication:fail cancel`.":
    '接口名加微信的原文，例如 `startSoterAuthentication:fail cancel`。',
  "WeChat's number for it.": '微信的错误码。',
  'Why, for people and `switch` statements.': '失败原因，供人阅读，也供 `switch` 判断。',
  "The browser's own name and message, or what to change.": '浏览器给出的错误名和信息，或需要改什么。',
  'The setting of that name.': '同名的设置。',
  'Fires when the call settles; the prompt must then be gone.': '调用有结果时触发，此时提示必须消失。',
  'Ends the ceremony: the call fails with `cancelled`.': '结束验证：调用以 `cancelled` 失败。',
  'Whether to tell the browser that no server knows the key, if it supports that (`PublicKeyCredential.signalUnknownCredential`). True unless set.':
    '是否告知浏览器没有服务器认识该密钥（如果浏览器支持 `PublicKeyCredential.signalUnknownCredential`）。默认为 true。',
  "The new key's user handle, base64url: random, and different for each key. Results have it as `uid`.":
    '新密钥的 user handle，base64url 编码：随机生成，每个密钥各不相同。结果中的 `uid` 就是它。',
  "The modes that the device has sensors for: `['fingerPrint', 'facial']` unless set. With an empty array it has none.":
    "设备的传感器支持的认证方式：默认 `['fingerPrint', 'facial']`。空数组表示一个也没有。",
  'What is enrolled at the beginning; all of `supportMode` unless set.': '一开始录入了哪些；默认与 `supportMode` 相同。',
  "The person who stands before the device; `'accept'` unless set.": "扮演使用者的行为；默认 `'accept'`。",
  'How long the person takes for each answer, in milliseconds; 0 unless set.': '使用者每次应答所用的时间，单位毫秒；默认 0。',
  'Makes keys and results repeatable: the same calls on devices of the same seed give the same bytes.':
    '使密钥和结果可以重现：种子相同的设备，同样的调用得到同样的字节。',
  'The relying party id; the host of `origin` unless set.': '依赖方 ID；不设时为 `origin` 的主机名。',
  'The origin that results name. Unless set, it is `https://` and the `rpId`, or `https://emulator.example` where that is not set either.':
    '结果中写明的 origin。不设时为 `https://` 加 `rpId`；`rpId` 也没有设置时为 `https://emulator.example`。',
  "What is shown while the person is asked; `'none'` unless set.": "询问使用者时显示什么；默认 `'none'`。",
  "Whether to say on the console, once a page or process, that this is an emulator and protects nothing; `true` unless set. Its keys say so in any case: their AAGUID is the emulator's, and servers can refuse it.":
    '是否在控制台说明这是模拟设备、不提供任何保护，每个页面或进程只说一次；默认 `true`。无论如何，它的密钥都会说明这一点：AAGUID 是模拟设备的，服务器可以据此拒绝。',
  'The calls, to put wherever a host has them. None needs its `this`.': '各接口，宿主需要放在哪里就放在哪里；都不依赖 `this`。',
  "Puts the calls and `canIUse` on a host's object, and returns it. Methods that the object already has are kept, unless `override` is true. Its own `canIUse` still answers for everything else.":
    '把接口和 `canIUse` 放到宿主的对象上，并返回该对象。对象已有的方法保持不变，除非 `override` 为 true。其余的查询仍由它自己的 `canIUse` 回答。',
  'The person, who may change at any time.': '扮演使用者的行为，随时可以更改。',
  'What the device has sensors for.': '设备的传感器支持的认证方式。',
  'What is enrolled now.': '现在录入了哪些。',
  'Enrols a finger or a face.': '录入指纹或面容。',
  'Removes it.': '移除它。',
  'Unlocks the device after too many mismatches, and counts from zero again.': '在多次不匹配之后解锁设备，并重新计数。',
  'Forgets the key that the calls remember, so that the next start makes another; resolves with whether there was one.':
    '忘记接口记住的密钥，使下一次 start 新建一个；返回原先是否有密钥。',
  'The option of that name; empty where there is none.': '同名的选项；没有时为空。',
  'The mode that is asked for.': '请求的认证方式。',
  'Which time this call asks: 1 at first, and one more after each mismatch.':
    '这次调用是第几次询问：从 1 开始，每次不匹配后加 1。',
  'The challenge that the server gave to the page: the text, as `wx.startSoterAuthentication` got it, or the bytes that were signed. Accept each challenge once.':
    '服务器下发给页面的挑战因子：传给 `wx.startSoterAuthentication` 的字符串，或被签名的字节。每个挑战因子只能接受一次。',
  "The page's origin, as browsers write it (`https://shop.example`), or several. An app's begins with `android:apk-key-hash:` or `ios:bundle-id:`.":
    '页面的 origin，写法与浏览器一致（`https://shop.example`），可以有多个。应用的以 `android:apk-key-hash:` 或 `ios:bundle-id:` 开头。',
  "The relying party id: the page's host, or the `rpId` that the page has set.":
    '依赖方 ID：页面的主机名，或页面上设置的 `rpId`。',
  'The origins of the pages around it, if the page may be in an iframe of another origin.':
    '如果页面可能在跨源 iframe 中使用：外层页面的 origin。',
  "Whether the person has to be verified; `'required'` unless set.": "是否必须验证用户；默认 `'required'`。",
  "Whether a key may be one that can be copied to other devices, as synced passkeys can; `'allow'` unless set. `'refuse-eligible'` refuses every such key, `'refuse-backed-up'` only those that have been copied.":
    "是否接受可以复制到其他设备的密钥（例如会同步的通行密钥）；默认 `'allow'`。`'refuse-eligible'` 一律拒绝，`'refuse-backed-up'` 只拒绝已经复制的。",
  "The algorithms that were asked for, by their numbers in `pubKeyCredParams`: ES256 (-7), RS256 (-257) and EdDSA (-8) unless set, and besides ES384 (-35), ES512 (-36), RS384 (-258), RS512 (-259), PS256 (-37), PS384 (-38) and PS512 (-39). A key that the host's WebCrypto cannot use is refused as `public-key-unusable`.":
    '请求过的算法，用 `pubKeyCredParams` 中的编号：默认 ES256（-7）、RS256（-257）和 EdDSA（-8），另有 ES384（-35）、ES512（-36）、RS384（-258）、RS512（-259）、PS256（-37）、PS384（-38）和 PS512（-39）。宿主的 WebCrypto 无法使用的密钥以 `public-key-unusable` 拒绝。',
  "Which kinds of attestation are accepted. `none`: there is none. `self`: the key signed its own. `certificates`: it comes with certificates. Nobody checks who issued them, so they prove nothing for certain, and are accepted only if `none` and `self` are. `unknownFormats`: its format is not known here (for example `android-safetynet`); it then counts as none. Unless set, unknown formats are refused and the others accepted. `compound` is for the format of that name, which holds several statements: `'all'` of them have to be accepted, or `'any'` one. Unless set, it is an unknown format.":
    "接受哪些证明。`none`：没有证明。`self`：由密钥自身签名的证明。`certificates`：带证书的证明。证书由谁签发不作检查，因此证明不了什么，只有 `none` 和 `self` 都接受时才接受。`unknownFormats`：不认识的格式，例如 `android-safetynet`；接受时视同没有证明。默认拒绝不认识的格式，其余都接受。`compound` 针对同名的格式，它由多个证明组成：`'all'` 要求全部被接受，`'any'` 只要求其中一个。不设时，它按不认识的格式处理。",
  'The key that must have signed; or all keys of the user, one of which must have. As stored; one key alone may be without its counter if you give that below.':
    '必须由它签名的密钥；或该用户的所有密钥，其中之一必须签名。与保存的一致；只有一个密钥、且计数器在下面另行传入时，可以不含计数器。',
  "The highest counter seen, if you keep it apart from the key. If the key's own is higher, that one counts. It is for one key: of several, each has its own in it.":
    '见过的最大计数器值，如果你在密钥之外另行保存。密钥中的更大时，以密钥中的为准。它只用于单个密钥：有多个密钥时，每个密钥都要含有自己的计数器。',
  "The key's user handle as bytes, if you keep it: the `uid` that `onKeyCreated` got, decoded. A text stands for its UTF-8. If the answer has a user handle, it must be this one.":
    '密钥的 user handle（字节），如果你保存了它：即 `onKeyCreated` 得到的 `uid` 解码后的内容。字符串按其 UTF-8 字节处理。应答中若有 user handle，必须与之相同。',
  "What to do if the authenticator counts and its counter has not grown; `'refuse'` unless set.":
    "认证器有计数器却没有增长时怎么办；默认 `'refuse'`。",
  "The key's id, which is `cpu_id` in a result.": '密钥的 ID，即结果中的 `cpu_id`。',
  'The public key, as COSE.': '公钥，COSE 格式。',
  'The highest signature counter seen; 0 where the authenticator keeps none.':
    '见过的最大签名计数器值；认证器不维护计数器时为 0。',
  'Whether the person was verified when the key was made.': '创建密钥时是否验证了用户。',
  'How the authenticator can be reached, as the browser says.': '浏览器所说的认证器连接方式。',
  'Whether the key may be copied to other devices, as passkeys are. Never changes.':
    '密钥是否可以像通行密钥那样复制到其他设备；永不改变。',
  'Whether it has been copied, as last seen.': '最近一次看到时是否已经复制。',
  'What to store. Refuse an `id` that is stored already.': '要保存的内容。`id` 已经保存过的，必须拒绝。',
  "What the authenticator's maker says; `uncertain` where nobody looked at who issued the certificates (DER, base64url).":
    '认证器厂商的说明；没有检查证书（DER，base64url）由谁签发时为 `uncertain`。',
  "The authenticator's model, as it says itself.": '认证器自称的型号。',
  'The key with its new values, to be stored in place of the one that was given.': '带有新值的密钥，用来替换传入的那一份。',
  'The counter that was signed.': '被签名的计数器值。',
  "`not-increased` comes only with `onCounter: 'report'`: somebody may have a copy of the key.":
    "`not-increased` 只在设置 `onCounter: 'report'` 时出现：可能有人持有密钥的副本。",
  'A short text that does not change, for example `challenge-mismatch`.': '不会改变的短词，例如 `challenge-mismatch`。',
  'The step that refuses it, for example `WebAuthn Level 3, §7.2 step 11`, where there is one.':
    '在哪一步被拒绝，例如 `WebAuthn Level 3, §7.2 step 11`；不一定有。',
};
