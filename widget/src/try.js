/** A telephone on the screen: sends texts and shows what comes back, while no provider is configured. */
import { fill, find, only } from "./page.js";
import { Phone } from "./phone.js";

const EVERY = 1000; // ms
const phone = new Phone();
const drawn = new Map(); // id of a text -> its element

/** A text as nodes; only links to our own chat can be followed. */
function linked(text) {
  const ours = `${document.documentElement.dataset.base}/c/`;
  return text.split(/(\s+)/).map((word) => {
    if (!word.startsWith(ours) || !/^[\w-]+$/.test(word.slice(ours.length))) return word;
    const link = document.createElement("a");
    Object.assign(link, { href: word, target: "_blank", rel: "noopener noreferrer", textContent: word });
    return link;
  });
}

function bubble({ text, ours, segments }) {
  const item = document.createElement("div");
  const words = document.createElement("p");
  item.className = ours ? "bot" : "user";
  words.dir = "auto";
  words.append(...linked(text));
  const who = document.createElement("span");
  who.className = "unseen";
  who.append(...find(ours ? "said-ours" : "said-mine").cloneNode(true).childNodes);
  item.append(who, words);
  if (segments) {
    const size = find("size").cloneNode(true);
    size.removeAttribute("id");
    size.className = "size";
    for (const each of size.children) each.append(` ${segments}`);
    item.append(size);
  }
  return item;
}

function show() {
  find("number").textContent = phone.number;
  const log = find("texts");
  let before = null;
  for (const text of phone.texts()) {
    if (!drawn.has(text.id)) {
      drawn.set(text.id, bubble(text));
      log.insertBefore(drawn.get(text.id), before ? before.nextSibling : log.firstChild);
      log.scrollTop = log.scrollHeight;
    }
    before = drawn.get(text.id);
  }
}

async function look() {
  try {
    await phone.look();
    fill("trouble");
  } catch {
    fill("trouble", "trouble-words");
  }
  show();
  setTimeout(look, document.hidden ? 5 * EVERY : EVERY);
}

async function send(text) {
  if (!text.trim()) return;
  try {
    await phone.send(text);
  } catch {
    find("text").value = text;
    fill("trouble", "unsent");
  }
  show();
}

find("write").addEventListener("submit", (event) => {
  event.preventDefault();
  const { value } = find("text");
  find("text").value = "";
  send(value);
});
for (const button of find("things").querySelectorAll("button")) {
  button.addEventListener("click", () => send(button.textContent));
}
find("new").addEventListener("click", () => {
  phone.forget();
  drawn.clear();
  find("texts").replaceChildren();
  find("text").focus();
});
only(navigator.language.startsWith("es") ? "es" : "en");
look();
