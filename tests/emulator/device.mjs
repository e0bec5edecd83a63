// Devices that say nothing on the console, for the tests beside this file.
import * as made from '../../pkg/dist/emulator.js';

/** `createEmulator`, without its warning. */
export const createEmulator = settings => {
  const { warn } = console;
  console.warn = () => {};
  try {
    return made.createEmulator(settings);
  } finally {
    console.warn = warn;
  }
};

/** The failure of a call that has to fail. */
export const failure = async promise => {
  const error = await promise.then(
    () => undefined,
    error => error,
  );
  if (!(error instanceof Error)) throw new Error('the call succeeded');
  return { ...error };
};

/** What a failure is known by: code, reason, and the words behind the call's name. */
export const row = ({ errCode, reason, errMsg }) => [errCode, reason, errMsg.replace(/^\w+:/, '')];
