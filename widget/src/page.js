/** What our own pages have in common: their words stand in them in both languages, and scripts only choose. */

export const find = (id) => document.getElementById(id);

/** Leaves one language on the page; a page that nobody knows the language of shows both. */
export function only(language) {
  document.documentElement.lang = language;
  document.documentElement.dataset.only = language;
}

/** Shows one section in place of the others. */
export function show(id, focused) {
  for (const section of document.querySelectorAll("main > section")) section.hidden = section.id !== id;
  if (focused) find(id).querySelector("[tabindex]").focus();
}

/** Puts into `place` the words that wait in another element, with `more` behind them in each language; or nothing. */
export function fill(place, words, more = "") {
  const said = words ? [...find(words).cloneNode(true).children] : [];
  for (const each of said) each.append(more);
  find(place).replaceChildren(...said);
}
