// What pages send, made by the emulator.
import { createEmulator } from '../emulator/device.mjs';

export const ORIGIN = 'https://shop.example';
export const RP_ID = 'shop.example';

/** What a server expects, but for the challenge. */
export const HERE = { origin: ORIGIN, rpId: RP_ID };

/** A page on a device of its own. `start` resolves with `{ registration, result }`, the former where a key was made. */
export const createPage = settings => {
  const registrations = [];
  const onKeyCreated = registration => void registrations.push(registration);
  const device = createEmulator({ origin: ORIGIN, ...settings, onKeyCreated });
  return {
    device,
    async start(challenge) {
      const result = await device.wx.startSoterAuthentication({ challenge });
      // Through JSON, as to a server.
      return JSON.parse(JSON.stringify({ registration: registrations.pop(), result }));
    },
  };
};

export const base64url = value => Buffer.from(value).toString('base64url');

/** Flips a bit of one byte of what is base64url, or base64. */
export const flipped = (text, place = 0, encoding = 'base64url') => {
  const bytes = Buffer.from(text, encoding);
  bytes[place < 0 ? bytes.length + place : place] ^= 1;
  return bytes.toString(encoding);
};

/** The result with its JSON changed. */
export const edited = (result, edit) => {
  const json = JSON.parse(result.resultJSON);
  return { ...result, resultJSON: JSON.stringify(edit(json) ?? json) };
};
