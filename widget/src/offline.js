/** The few words of an emergency that are heard without a server: data/conversation/offline.csv. */
import { listenedFor } from "./words.js";

const heard = Object.entries(listenedFor).map(([kind, pattern]) => [kind, new RegExp(pattern)]);

/** The kind of emergency in a message, as offline.csv names it; undefined where there is none. */
export function hears(text) {
  const plain = text
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[\u2018\u2019\u02bc`´]/g, "'")
    .replace(/\s+/g, " ");
  return heard.find(([, pattern]) => pattern.test(plain))?.[0];
}
