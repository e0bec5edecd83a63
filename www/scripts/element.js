/**
 * An element with attributes and children. Children that are strings become text, never markup: much of what this page
 * shows was typed by somebody.
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter(child => child !== undefined));
  return made;
}
