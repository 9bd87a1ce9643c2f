// The steps that are done, in the store of the browser.
//
// data: { done: ["LESSON.STEP", ...], cleared } from keep_in_browser() in __init__.py.

const NAME = "turning-point.lessons";

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
  const cleared = root.cleared ?? 0;
  root.cleared = data.cleared;
  const before = data.cleared > cleared ? [] : remembered();
  const all = [...new Set([...before, ...data.done])].sort();
  remember(all);
  if (root.told !== JSON.stringify([all, data.cleared])) {
    root.told = JSON.stringify([all, data.cleared]);
    if (data.cleared > cleared || all.length > data.done.length) {
      setStateValue("cleared", data.cleared);
      setStateValue("done", all);
    }
  }
}
