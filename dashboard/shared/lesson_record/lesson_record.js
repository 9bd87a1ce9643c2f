// The steps that are done, in the store of the browser.
//
// data: { done: ["LESSON.STEP", ...], cleared } from keep_in_browser() in __init__.py.

const NAME = "turning-point.lessons";
// What this page has handed over already: a step that another tab has forgotten since is not remembered again.
const handedOver = new Set();
let clearings = 0;

function remembered() {
  try {
    const found = JSON.parse(localStorage.getItem(NAME) ?? "[]");
    return Array.isArray(found) ? found.filter((one) => typeof one === "string") : [];
  } catch {
    return []; // no store, or not ours
  }
}

function remember(steps) {
  try {
    localStorage.setItem(NAME, JSON.stringify(steps));
  } catch {
    // Private windows may have no store: then the session alone knows.
  }
}

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const root = parentElement.querySelector(".tp-lesson-record");
  const forgets = data.cleared > clearings;
  clearings = data.cleared;
  if (forgets) handedOver.clear();
  const added = data.done.filter((step) => !handedOver.has(step));
  added.forEach((step) => handedOver.add(step));
  const all = [...new Set([...(forgets ? [] : remembered()), ...added])].sort();
  remember(all);
  if (root.told !== JSON.stringify([all, data.cleared])) {
    root.told = JSON.stringify([all, data.cleared]);
    if (forgets || all.some((step) => !data.done.includes(step))) {
      setStateValue("cleared", data.cleared);
      setStateValue("done", all);
    }
  }
}
