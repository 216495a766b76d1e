/**
 * Every sentence that the widget itself can show, in the visitor's language: data/conversation/widget.csv.
 *
 * Elements made with `say`, `tell` or `label` (dom.js) remember their key, so that a change of language reaches all of them.
 */
import WORDS from "words";
import { linked } from "./linked.js";
import { recall, remember } from "./memory.js";

const OF_THE_SITE = ["hello", "keeps"]; // what a site may say in its own words, by attributes
let site = {};
let language = "en";

/** Sets whose words these are; the language is the one chosen in this tab, or the page's. */
export function speakFor(theSite) {
  site = theSite;
  language = recall("language") || site.language;
}

export const spoken = () => language;

/** The language to answer in, where it is known: English is only an answer when somebody chose it. */
export const wanted = () => recall("language") || (language === "en" ? undefined : language);

/** Adds the sentences of a part that was fetched later. */
export const learn = (said) => Object.assign(WORDS.said, said);

const at = () => WORDS.languages.indexOf(language);
export const phone = () => site.phone;

/** One sentence, with the site's name and number in it. */
export function say(key) {
  const sentence = (OF_THE_SITE.includes(key) && site[key]) || WORDS.said[key][at()];
  return sentence.replace(/\{(\w+)\}/g, (_, blank) => site[blank]);
}

const withPhone = (line) => line.replaceAll("{phone}", site.phone);

/** What to say to an emergency without a server; `kind` is one of offline.csv. */
export function offline(kind) {
  const lines = (text) => text.split("\n").filter((line) => site.phone || !line.includes("{phone}"));
  const filled = (_, value) => (typeof value === "string" ? lines(value).map(withPhone).join("\n") : value);
  return JSON.parse(JSON.stringify(WORDS.offline[at()][kind]), filled);
}

/** For each kind of emergency, what is looked for in a message while no server answers: both languages at once. */
export const listenedFor = WORDS.patterns;

/** Puts the words of an element's keys in the language of now. */
export function put(node) {
  const { say: said, tell, label, hint } = node.dataset;
  if (said) node.textContent = say(said);
  if (said && node.lang) node.lang = language;
  if (tell) node.replaceChildren(...linked(say(tell), site.phone));
  if (label) node.setAttribute("aria-label", say(label));
  if (hint) node.setAttribute("placeholder", say(hint));
}

/** Changes the language of all that stands under `root`. */
export function translate(root, to) {
  language = to;
  remember("language", to);
  for (const node of root.querySelectorAll("[data-say], [data-tell], [data-label], [data-hint]")) put(node);
}
