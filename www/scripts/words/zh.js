/** @import { Reason } from '../../../pkg/types/index.js' */

export const title = 'wx-soter：在这台设备上试用';
export const otherLanguage = 'English';
export const sampleContent = '向街角小店支付 12.00 元';

/**
 * What stands in the page, by `data-label`.
 *
 * @type {Record<string, string>}
 */
export const labels = {
  headline: '让网页也能\u200b验证指纹和面容',
  lead: '微信的三个生物认证接口，由本设备自带的认证器执行。成功就意味着：此时此地，验证的确实是您本人。',
  status: '这台设备能做什么',
  call: '试一试',
  account: '当前登录账号',
  forget: '忘记本机密钥',
  forgetAtServer: '让服务器忘记',
  authContent: '认证说明',
  challenge: '待签名内容',
  newChallenge: '换一个',
  challengeHint: '实际使用时由服务器下发。留空则不签名。',
  serverChallengeHint: '由本页的服务器下发，只能用一次。留空则不签名。',
  start: '开始认证',
  waiting: '等待设备响应…',
  checkSupport: '检查是否支持',
  checkEnrolled: '检查是否录入',
  verdict: '服务器怎么说',
  cheat: '试试作弊',
  cheatHint: '每个按钮都会向服务器提交这个结果的一份副本，一份也不该通过。',
  replay: '再次提交',
  editCounter: '改动计数',
  editChallenge: '改动内容',
  editSignature: '改动签名',
  otherAccount: '以另一个账号提交',
  code: '这次调用的代码',
  result: '结果逐项解析',
  log: '回调实时记录',
  clear: '清空',
  logEmpty: '还没有调用。',
  loading: '加载过程',
  settings: '可调设置',
  reset: '恢复默认',
  authenticators: '由谁认证',
  platform: '本设备',
  any: '也可用安全密钥和手机',
  prompt: '认证时的对话框',
  dialog: '自带',
  own: '本页提供',
  none: '不显示',
  answers: '返回方式',
  callbacks: '回调',
  promise: 'Promise',
  dialect: '遵循谁的规则',
  anyDialect: '都接受',
  modes: '声明支持的方式',
  requested: '请求的方式',
  fingerPrint: '指纹',
  facial: '面容',
  speech: '声纹',
  timeout: '超时（毫秒）',
  promptLanguage: '对话框语言',
  pageLanguage: '与本页一致',
  emulate: '没有认证器？使用模拟设备',
  emulatorBanner: '模拟设备：没有验证任何人',
  emulatorHint:
    '每个账号一台纯软件的设备，由您扮演使用者。密钥和签名都是真的，但不提供任何保护：谁按按钮，谁就“通过验证”。离开本页或更改设置后，密钥即消失。',
  enrolled: '模拟设备上已录入',
  unlock: '多次失败后解锁',
  emulatedDevice: '模拟设备',
  askFinger: '请按压指纹传感器',
  askFace: '请正对摄像头',
  rightFinger: '正确的手指',
  wrongFinger: '错误的手指',
  rightFace: '正确的人脸',
  wrongFace: '错误的人脸',
  pressCancel: '取消',
  walkAway: '置之不理',
  honest: '浏览器不会说明用的是指纹、面容还是设备密码，因此结果中的方式就是所请求的方式。',
  stays: '本页的任何内容都不会离开这台设备。',
  leaves: '离开这台设备的内容只会发给本页自己的服务器：每个新密钥的公钥，以及每个待校验的结果。',
};

export const checking = '正在检查…';
export const ready = ['这台设备可以验证您'];
export const notSetUp = ['尚未设置验证方式', '系统支持，但还没有录入指纹、面容或密码。请先在系统设置中录入，再回到本页。'];
export const othersMayAnswer = ['可以用安全密钥或手机认证', '本设备尚未设置，浏览器会列出可用的认证器。'];
export const unsupported = ['这台设备无法验证您', '按微信的规则，此时返回成功和空的方式列表，不说明原因。'];
export const emulatorReady = ['模拟设备已就绪', '它只是演示流程，不会验证任何人。'];
export const emulatorNotSetUp = ['模拟设备上没有录入', '请在下方录入指纹或人脸。'];
export const emulatorUnsupported = ['模拟设备不支持', '它没有任何可用的方式。'];
export const emulatorNotLoaded = [
  '模拟设备没有加载',
  'pkg/dist/emulator.js 缺失或被拦截，仍使用本设备。请运行 cargo xtask demo，它会构建该文件，然后再次打开开关。',
];
export const emulatorSigned = '这是模拟设备：没有验证任何人，内容由本页中的密钥签名。';
export const emulatorUnsigned = '这是模拟设备：没有验证任何人。没有提供待签名内容，因此没有签名。';
export const emulatorPassed = (/** @type {string} */ time) => `模拟通过，用时 ${time}`;
export const notRecognised = (/** @type {number} */ attempt) => `未能识别，请重试（第 ${attempt} 次）`;
export const securePage = '安全页面';
export const webauthn = 'WebAuthn';
export const setUp = '已设置';
export const modesFound = '方式';
export const yes = '是';
export const no = '否';
export const noModes = '无';

export const supportFound = '支持';
export const enrolledFound = '已录入';
export const notEnrolledFound = '未录入';
export const verified = (/** @type {string} */ time) => `验证通过，用时 ${time}`;
export const signed = '本设备刚刚验证了您本人，并对内容做了签名。';
export const unsigned = '本设备刚刚验证了您本人。没有提供待签名内容，因此没有签名。';
export const newKey = (/** @type {string} */ name) => `这次先为 ${name} 创建了新密钥。`;
export const seeResult = '查看结果';
export const cancel = '取消';
export const continueButton = '继续';

export const noResult = '完成认证后，签名结果会在这里逐项列出：验证了谁、用哪把密钥、签了什么。';
export const nothingSigned = '没有待签名内容，就没有签名结果：本页知道验证已通过，但无法向服务器证明。';
export const theCall = '返回内容';
export const flags = '认证器的保证';
export const flagsHint = '认证器数据的标志字节';
export const flagNames = {
  userPresent: '有人在场',
  userVerified: '已验证本人',
  backupEligible: '密钥可以备份',
  backedUp: '密钥已备份',
};
export const clientData = '浏览器的保证';
export const challengeMatches = '是，即 raw 的 UTF-8';
export const challengeDiffers = '否';
export const signedChallenge = '签的是您的内容';
export const noCounter = '该认证器不计数';
export const signature = '签名';
export const bytes = (/** @type {number} */ count) => `${count} 字节`;
export const verifiable = '知道公钥的服务器可以验证这个结果：签名涵盖以上全部内容。';
export const copyResult = '复制结果';
export const copyResponse = '复制为 WebAuthn JSON';
export const copyCode = '复制';
export const copied = '已复制';
export const notCopied = '未能复制';
export const whatFailed = '失败详情';

export const noServer =
  '本页背后没有校验结果的服务器；没有人校验的结果，对服务器来说什么也证明不了。运行 cargo xtask demo，它会在本页背后启动 soter-server。';
export const verdictToCome = '完成认证后，本页的服务器会校验结果：待签名内容是否由它下发、是否首次使用、是否由它登记的密钥签名。';
export const serverChecks = '服务器正在校验…';
export const nothingToCheck = '没有待签名内容，就没有签名，服务器也无从校验。';
export const accepted = ['通过', '服务器登记的密钥，为本页签了服务器下发的内容，签名前验证过本人。每个结果只能用一次。'];
export const acceptedEmulated = [
  '通过，但没有验证任何人',
  '密钥和签名都是真的，服务器从结果中只能看到这些。密钥来自模拟设备，登记时就能看出：它自己写明了。',
];
export const refused = '拒绝';
export const keyRefused = '服务器拒绝了新密钥';
export const keyUnknown = [
  '服务器不认识这把密钥',
  '服务器忘记了它，或者从来没有登记过它。密钥只在创建时登记，因此需要一把新的：本页会调用 forgetKey，下次使用时就会创建。',
];
export const startAgain = '忘记密钥，重新开始';
export const serverSilent = ['服务器没有回应', '没有校验，就什么也没有证明。cargo xtask demo 还在运行吗？'];
export const cheatRefused = {
  replay: '再次提交：拒绝',
  counter: '改了计数：拒绝',
  challenge: '改了内容：拒绝',
  signature: '改了签名：拒绝',
  account: '以另一个账号提交：拒绝',
};
export const cheated = ['竟然通过了', '服务器有缺陷，请报告。'];

/**
 * For each `reason` of the server, what it means.
 *
 * @type {Record<string, string>}
 */
export const refusals = {
  'challenge-used': '这份内容已经有过结果。每份只能用一次，所以截获结果的人再次提交也没有用。',
  'challenge-expired': '这份内容下发得太久，已经过期。',
  'challenge-unknown': '这份内容不是服务器下发的。点击“换一个”获取一份。',
  'challenge-mismatch': 'raw 不是签名时的内容：有人改过。',
  'result-counter-mismatch': 'counter 不是签名时的计数：有人改过。',
  'signature-invalid': '这个签名不是登记的密钥为这个结果所作。',
  'sign-count-not-increased': '密钥的计数没有增加：结果是旧的，或者密钥有两份。',
  'credential-unknown': '这个账号名下没有登记这把密钥。密钥属于谁，登记时就已确定。',
  'credential-registered': '服务器已经有这把密钥。',
  'too-many-keys': '这个账号的密钥已达上限。点击“让服务器忘记”腾出位置。',
  'origin-not-allowed': '它不是在服务器的页面上生成的。',
  'rp-id-mismatch': '它不是为服务器的域名生成的。',
  'user-not-verified': '认证器没有验证任何人。',
  other: '未通过的检查见下方名称。',
};

export const sameObject = '同一个对象';
export const returned = 'Promise';

export const noKey = (/** @type {string} */ name) =>
  `${name} 在本设备上没有密钥。下次使用时创建；此后本页只记住是哪一把，不保存任何秘密。`;
export const keyHere = (/** @type {string} */ name) => `${name} 的本机密钥：`;
/** @type {(name: string, hasServer: boolean) => string} */
export const forgotten = (name, hasServer) =>
  hasServer
    ? `本机已忘记。再认证一次，${name} 就有了新密钥，并由本页的服务器登记。`
    : `已忘记。再认证一次，${name} 就有了新密钥。`;
export const nothingToForget = (/** @type {string} */ name) => `没有 ${name} 的密钥可以忘记。`;
export const forgottenAtServer = (/** @type {string} */ name) =>
  `服务器已忘记 ${name} 的密钥。再认证一次看看：服务器会拒绝结果，本页会给出解决办法。`;
export const unknownToServer = (/** @type {string} */ name) => `服务器上没有 ${name} 的密钥。`;

export const byFile = '全部内容都在一个脚本里，适合只想引用一个文件的页面。';
export const byLoader = '小脚本先提供各接口；其余内容在旁边的两个文件里，页面空闲时或首次调用时才获取。';
export const tryFile = '改用单个完整脚本重新打开';
export const tryLoader = '改用小加载器重新打开';
export const callsThere = '接口已可用';
export const firstCall = '首次调用';
export const firstAnswer = '首次返回';

/**
 * For each `reason`: a title, and what to do.
 *
 * @type {Record<Reason | 'not-loaded', string[]>}
 */
export const reasons = {
  'insecure-context': ['页面不是安全加载的', '浏览器只允许在 HTTPS 或 localhost 上使用。请用 https:// 地址打开本页。'],
  'no-webauthn': [
    '浏览器没有 WebAuthn',
    '请使用新版 Chrome、Safari、Edge 或 Firefox。应用内的浏览器往往没有，请在系统浏览器中打开。',
  ],
  'invalid-host': ['这个地址不能用', 'WebAuthn 需要域名或 localhost，不能是 IP 地址或文件。请用域名打开本页。'],
  'blocked-by-policy': [
    '外层页面不允许',
    '外层框架需要 allow="publickey-credentials-get; publickey-credentials-create"，且 Permissions-Policy 不能禁止。',
  ],
  'no-platform-authenticator': [
    '没有可用的指纹、面容或密码',
    '这台电脑没有浏览器可用的指纹识别器、面容识别或 PIN。请换用手机，或在设置中允许安全密钥和手机。',
  ],
  'mode-not-supported': ['不支持所请求的方式', '请选择本设备支持的方式，或不指定。'],
  'bad-challenge': ['待签名内容不符合要求', '长度应为 1 至 512 个字符。'],
  'bad-auth-content': ['认证说明过长', '最多 42 个字符。'],
  'bad-parameter': ['缺少字段或类型不对', '错误信息中有字段名。微信的规则要求 challenge、requestAuthModes 和 checkAuthMode。'],
  'enrolment-refused': ['新密钥被拒绝', '页面的 onKeyCreated 没有接受它。'],
  timeout: ['超时未完成', '请重试，或在设置中延长时间。'],
  busy: ['另一个认证正在进行', '请先完成或取消它；它不受影响。'],
  'webassembly-blocked': [
    'WebAssembly 被禁止',
    "内容安全策略缺少 'wasm-unsafe-eval'，或浏览器处于锁定模式，模块无法启动。可改用 wx-soter.no-wasm.js，它不需要 WebAssembly。",
  ],
  'not-focused': ['页面不在前台', '请点击页面后重试。'],
  internal: ['出错了', '原因见下面的详情。'],
  cancelled: ['您已取消', '没有签名。点击“开始认证”可以重试。'],
  'not-allowed': ['已取消，或未能识别', '浏览器不说明是哪一种。点击“开始认证”可以重试。'],
  'not-verified': ['结果不成立', '用户验证、内容、来源、密钥或签名有误，因此未予接受。'],
  'locked-out': ['尝试次数过多', '请等半分钟再试。'],
  'not-enrolled': ['本设备尚未录入', '请在系统设置中录入指纹、面容或密码后重试。'],
  'not-loaded': ['wx-soter 没有加载', 'pkg/dist/ 中的脚本缺失或被拦截。请运行 cargo xtask demo，它会构建并提供本页。'],
};
