import { showDialog } from './dialog/show-dialog.js';

/**
 * The settings as they are now; what the page does to its object later changes nothing.
 *
 * @param {any} settings
 */
export const copySettings = settings => {
  settings ??= {};
  // The module says what is wrong with it, in the answer to each call.
  if (typeof settings !== 'object') return settings;
  const { prompt = 'dialog', user, modes } = settings;
  return {
    ...settings,
    user: typeof user === 'object' ? { ...user } : user,
    modes: Array.isArray(modes) ? [...modes] : modes,
    prompt: prompt === 'dialog' ? showDialog : prompt,
  };
};
