// Which of wx-soter's scripts this page takes: the complete one or, with `?loader` in its address, the small one that fetches the rest.

import { element } from './element.js';

const SWITCH = 'loader';

export const isByLoader = new URLSearchParams(location.search).has(SWITCH);

/** The script's file. */
export const FILE = isByLoader ? 'wx-soter.loader.js' : 'wx-soter.global.js';

/** Where wx-soter's files are. */
export const FOLDER = new URL('pkg/dist/', document.baseURI).href;

/** Loads it. Resolves where that fails, too: whether the calls are there has to be asked anyway. */
export const loadScript = () =>
  new Promise(resolve => {
    const script = element('script', { src: FOLDER + FILE });
    script.onload = script.onerror = resolve;
    document.head.append(script);
  });

/** The address at which this page takes the other script. */
export function otherWay() {
  const address = new URL(location.href);
  if (isByLoader) address.searchParams.delete(SWITCH);
  else address.searchParams.set(SWITCH, '');
  return address.href;
}
