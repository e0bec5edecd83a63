// The challenge in its field: the server's where there is one, or a random text that nobody checks.

import { hasServer, issueChallenge } from './server.js';

const BYTES = 18;
const field = document.getElementById('challenge');
let issued = {};

/** Puts a new challenge into the field, unless somebody writes there meanwhile. */
export async function renewChallenge() {
  const before = field.value;
  const text = hasServer() ? await fromServer() : random();
  if (field.value === before) field.value = text;
}

/** Whether the field holds a challenge of the server. */
export const isIssued = () => field.value !== '' && field.value === issued.text;

/** Whether what the server issued may be over before somebody slow has answered. */
export const isStale = () => isIssued() && Date.now() > issued.useBefore;

async function fromServer() {
  try {
    const { challenge, expires_in } = await issueChallenge();
    issued = { text: challenge, useBefore: Date.now() + expires_in * 500 };
    return challenge;
  } catch {
    // Whether the server is there matters when the result is checked, and is told then.
    return random();
  }
}

function random() {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}
