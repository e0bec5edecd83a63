const ENGLISH = ['en', 'Verify it’s you', 'Follow the steps on your device.', 'Cancel', 'Continue'];
const SIMPLIFIED = ['zh-Hans', '请验证身份', '请按设备的提示完成验证。', '取消', '继续'];
const TRADITIONAL = ['zh-Hant', '請驗證身分', '請依裝置的提示完成驗證。', '取消', '繼續'];

/**
 * What the dialog says, for a BCP 47 tag or one with underscores; English where it is none of the languages spoken.
 *
 * @param {string} tag
 * @returns {string[]} the tag of the words, for screen readers; title, hint, and the buttons' cancel and continue
 */
export const dialogText = tag => {
  if (!/^zh([-_]|$)/i.test(tag)) return ENGLISH;
  return /hant|^(?!.*hans).*[-_](tw|hk|mo)([-_]|$)/i.test(tag) ? TRADITIONAL : SIMPLIFIED;
};
