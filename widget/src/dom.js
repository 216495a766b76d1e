/** Elements, without markup being parsed anywhere: what arrives is only ever shown as text. */
import { put } from "./words.js";

/** Whether the visitor points with a finger: a keyboard then covers half of the screen. */
export const touch = () => matchMedia("(pointer: coarse)").matches;

const KEYS = ["say", "tell", "label", "hint"];

/**
 * Makes an element. Attributes that are functions become listeners; null, undefined and false are left out. `say` and
 * `tell` name the words to show (those of `tell` with numbers to tap), `label` an aria-label, `hint` a placeholder.
 */
export function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else if (KEYS.includes(name)) node.dataset[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  put(node);
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** A button; `content` is an icon's name or nothing, and its words come by `say` or `label`. */
export function button(look, click, { icon: name, say, ...more }) {
  const attributes = { type: "button", class: `button ${look}`, click, ...more };
  return h("button", attributes, name && icon(name), say && h("span", { say }));
}

const ICONS = {
  call:
    "M6.6 10.8a15 15 0 0 0 6.6 6.6l2.2-2.2a1 1 0 0 1 1-.25 11.4 11.4 0 0 0 3.6.57 1 1 0 0 1 1 1V20a1 1 0 0 1-1 " +
    "1A17 17 0 0 1 3 4a1 1 0 0 1 1-1h3.5a1 1 0 0 1 1 1c0 1.25.2 2.45.57 3.57a1 1 0 0 1-.25 1z",
  chat: "M4 3h16a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-9l-5 4v-4H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm3 5v2h10V8zm0 4v2h7v-2z",
  copy: "M8 2h12v14H8zm2 2v10h8V4zM4 6h2v12h10v2H4z",
  send: "M3 20V14l8-2-8-2V4l19 8z",
  close: "M6.4 5 5 6.4 10.6 12 5 17.6 6.4 19l5.6-5.6 5.6 5.6 1.4-1.4-5.6-5.6L19 6.4 17.6 5 12 10.6z",
  down: "M12 17 4 9l1.4-1.4 6.6 6.6 6.6-6.6L20 9z",
  // One outline for each severity, so that it is told by shape too: octagon, triangle, diamond, circle, cross, ring.
  dangerous: "M8 2h8l6 6v8l-6 6H8l-6-6V8zm3 4v8h2V6zm0 10v2h2v-2z",
  serious: "M12 2 23 21H1zm-1 7v6h2V9zm0 8v2h2v-2z",
  caution: "M12 1l11 11-11 11L1 12zm-1 6v7h2V7zm0 9v2h2v-2z",
  check: "M12 1a11 11 0 1 0 0 22 11 11 0 0 0 0-22zm-1 5h2v2h-2zm0 4h2v8h-2z",
  reversal: "M8 2h8v6h6v8h-6v6H8v-6H2V8h6z",
  unknown:
    "M12 1a11 11 0 1 0 0 22 11 11 0 0 0 0-22zm0 2a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM7 11h2v2H7zm4 0h2v2h-2zm4 " +
    "0h2v2h-2z",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("fill-rule", "evenodd");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}
