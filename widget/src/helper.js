/** "Show this to a helper": on one large page, what a friend or a paramedic needs to know. */
import { badge, isAlarm, listed, numbersOf, substances } from "./cards.js";
import { copyButton } from "./copying.js";
import { button, h } from "./dom.js";
import { linked } from "./linked.js";
import { ways } from "./reach.js";
import { phone, say, spoken } from "./words.js";

const time = (at) => new Date(at).toLocaleString(spoken(), { weekday: "short", hour: "numeric", minute: "2-digit" });

function mix({ severity, substances: names, pairs }) {
  const whys = listed(pairs).map(({ why }) => why && h("p", null, why));
  return h("div", { class: `card ${severity}` }, badge(severity), substances(names), ...whys);
}

/** What the messages of a log say that helps a helper. */
function gather(nodes) {
  const cards = nodes.map((node) => node.drawn?.card).filter(Boolean);
  return {
    said: nodes.map((node) => node.said).filter(Boolean),
    mixes: cards.filter(({ kind }) => kind === "interaction").reverse(),
    alarm: cards.filter(isAlarm).pop(),
  };
}

const line = ({ text, at }) => (at ? `${time(at)}: ${text}` : text);

function plain({ said, mixes, alarm }) {
  const heard = mixes.map(({ substances: names }) => listed(names).join(" + "));
  const parts = [
    heard.length > 0 && [say("helper-mix"), ...heard],
    [say("helper-said"), ...said.map(line)],
    alarm && [say("helper-steps"), ...listed(alarm.steps)],
  ];
  return parts
    .filter(Boolean)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

/** Opens the page over the chat. */
export function showHelper(root, nodes) {
  const found = gather(nodes);
  const { said, mixes, alarm } = found;
  const steps = listed(alarm?.steps).map((step) => h("li", null, ...linked(step, phone())));
  const close = () => dialog.close();
  const status = h("p", { role: "status" }); // what stands outside of this page is not heard while it is open
  const copied = ({ detail }) => {
    status.textContent = say(detail);
  };
  const dialog = h(
    "dialog",
    { class: "helper", "aria-labelledby": "helper-title", lang: spoken(), copied, close: () => dialog.remove() },
    h("h2", { id: "helper-title", say: "helper", tabindex: "-1" }),
    ...numbersOf(alarm || { kind: "emergency" }).flatMap((number) => ways(number, "big alarm")),
    mixes.length > 0 && h("h3", { say: "helper-mix" }),
    ...mixes.map(mix),
    steps.length > 0 && h("h3", { say: "helper-steps" }),
    steps.length > 0 && h("ol", { class: "steps" }, ...steps),
    h("h3", { say: said.length > 0 ? "helper-said" : "helper-nothing" }),
    h("ul", { class: "said" }, ...said.map((each) => h("li", { dir: "auto" }, line(each)))),
    copyButton(() => plain(found), "copy-all"),
    status,
    button("wide", close, { say: "helper-close" }),
  );
  root.append(dialog);
  dialog.showModal();
  dialog.querySelector("h2").focus();
}
