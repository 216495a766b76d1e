/** This tab's memory; a plain object where the browser forbids sessionStorage, so that the chat still works. */
const own = {};
const name = (key) => `helpline-chat.${key}`;

export function recall(key) {
  try {
    return JSON.parse(sessionStorage.getItem(name(key)));
  } catch {
    return own[key] ?? null;
  }
}

/** Keeps a value for this tab; null forgets it. */
export function remember(key, value) {
  own[key] = value;
  try {
    if (value === null) sessionStorage.removeItem(name(key));
    else sessionStorage.setItem(name(key), JSON.stringify(value));
  } catch {
    // `own` has it.
  }
}
