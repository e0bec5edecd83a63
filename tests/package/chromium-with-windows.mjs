// Chromium as people have it, though its windows are not shown: for tests of the focus, of tabs and frames, and of what is seen.
delete process.env.WX_SOTER_HEADLESS_SHELL;

export const { open } = await import('./chromium.mjs');
