/** Links by which a person is reached. */
import { h, icon } from "./dom.js";
import { dialled, digits } from "./linked.js";

/** A link that calls a number; its words are "Call" and the number. */
export const callLink = (number, look) =>
  h("a", { class: `button ${look}`, href: `tel:${dialled(number)}` }, icon("call"), h("span", { say: "call" }), number);

/** A link that opens a text message to a number. */
export const textLink = (number, look) =>
  h("a", { class: `button ${look}`, href: `sms:${dialled(number)}` }, icon("chat"), h("span", { say: "text" }), number);

/** The ways to reach one number; 988 answers texts too. */
export const ways = (number, look) =>
  digits(number) === "988" ? [callLink(number, look), textLink(number, look)] : [callLink(number, look)];
