// Chromium as people have it, and not its headless shell: for the suites of the complete script, and for tests of the focus, of tabs and
// frames, and of what is seen.
delete process.env.WX_SOTER_HEADLESS_SHELL;

export const { open } = await import('./chromium.mjs');
