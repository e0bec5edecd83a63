// Icons are made of DOM nodes, so that they take the colour of the text around them.

/** @typedef {keyof typeof PATHS} IconName */

const PATHS = {
  finger: [
    'M12 11.8v2.4c0 2.3-.5 4.3-1.5 6.2',
    'M7.6 19.4c1-1.7 1.5-3.5 1.5-5.6v-1.9a2.9 2.9 0 0 1 5.8 0v2.3c0 2.1-.3 4-.9 5.9',
    'M5 16.2c.6-1.1.9-2.2.9-3.5v-.8a6.1 6.1 0 0 1 12.2 0v2.6c0 1.2-.1 2.3-.3 3.4',
    'M2.9 12.4a9.2 9.2 0 0 1 15-7.6',
    'M20.4 8.1c.5 1.2.8 2.4.8 3.8v2.2',
  ],
  good: ['M5 12.5l4.5 4.5L19 7.5'],
  bad: ['M7 7l10 10', 'M17 7L7 17'],
  warn: ['M12 6.5v7', 'M12 17.5v.1'],
  renew: ['M19.5 11a7.5 7.5 0 1 0-.6 4', 'M20 5v6h-6'],
  copy: ['M9 9h10v11H9z', 'M15 9V4H5v11h4'],
  off: ['M7 12h10'],
  key: ['M8 11a4 4 0 1 0 0 8 4 4 0 1 0 0-8z', 'M10.9 12.1L20 3', 'M16 7l3 3'],
};

/** @param {IconName} name */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const attributes = {
    viewBox: '0 0 24 24',
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': '2',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    'aria-hidden': 'true',
    class: 'icon',
  };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  for (const data of PATHS[name]) {
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('d', data);
    svg.append(path);
  }
  return svg;
}

/** Puts icons where the page says `data-icon`. */
export function placeIcons() {
  /** @type {NodeListOf<HTMLElement>} */
  const places = document.querySelectorAll('[data-icon]');
  for (const place of places) place.append(icon(/** @type {IconName} */ (place.dataset.icon)));
}
