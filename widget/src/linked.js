/** Numbers that can be tapped. */
export const digits = (phone) => String(phone ?? "").replace(/\D/g, "");

export const dialled = (phone) => digits(phone).replace(/^1?(?=\d{10}$)/, "+1");

/** Text as nodes, in which 911, 988 and the helpline's number can be tapped to call. */
export function linked(text, phone) {
  const own = digits(phone).split("").join("[\\s().-]{0,2}");
  const numbers = new RegExp(own ? `(?:\\+?1[\\s.-]?)?\\(?${own}|\\d+` : "\\d+", "g");
  const known = ["911", "988", digits(phone), `1${digits(phone)}`];
  const nodes = [];
  let done = 0;
  for (const { 0: number, index } of text.matchAll(numbers)) {
    if (!known.includes(digits(number))) continue;
    const link = document.createElement("a");
    link.href = `tel:${dialled(number)}`;
    link.textContent = number;
    nodes.push(text.slice(done, index), link);
    done = index + number.length;
  }
  return [...nodes, text.slice(done)];
}
