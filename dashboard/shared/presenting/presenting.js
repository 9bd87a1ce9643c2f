// The keys of a presentation, and how large the screen is. Arrow keys press what steps on the page: the next slide, step
// or sample; where there is none the next tab, and where there is none of those either they scroll by a screen.
//
// data: { width, height } as the page's script knows the screen, from show_presenting() in __init__.py.

const STEP = 40; // px: a smaller change of the window's size is not worth a run of the script
const OWN_KEYS = "input, textarea, select, [contenteditable=true], [role=slider], [role=radio], [role=tab], [role=grid], [role=listbox], [role=combobox], [role=menu]";
const MOVES = {
  ArrowRight: "next", ArrowDown: "down", PageDown: "next", ArrowLeft: "previous", ArrowUp: "up", PageUp: "previous",
};

const seen = (element) => element.getClientRects().length > 0;

function stepping(move) {
  const found = document.querySelectorAll(
    `[class*="st-key-"][class$="-${move}"] button, [class*="st-key-"][class*="-${move} "] button`,
  );
  return [...found].filter(seen);
}

function nextTab(move) {
  const tabs = [...document.querySelectorAll('[data-testid="stMain"] [role=tab]')].filter(seen);
  const at = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
  return at < 0 ? undefined : tabs[at + (move === "next" ? 1 : -1)];
}

function scroll(down) {
  const main = document.querySelector('[data-testid="stMain"]');
  main?.scrollBy({ top: (down ? 0.8 : -0.8) * innerHeight, behavior: "smooth" });
}

function step(move) {
  const buttons = stepping(move);
  if (buttons.length) {
    // At the first and the last one there is nothing further that way.
    buttons.find((button) => !button.disabled)?.click();
    return;
  }
  const tab = nextTab(move);
  if (tab) tab.click();
  else scroll(move === "next");
}

class Presenting {
  constructor() {
    this.onKey = (event) => this.key(event);
    this.onSize = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.tell(), 250);
    };
    document.addEventListener("keydown", this.onKey);
    addEventListener("resize", this.onSize);
  }

  show(data, size, end) {
    Object.assign(this, { data, size, end });
    this.tell();
  }

  tell() {
    const { width, height } = this.data;
    if (Math.abs(width - innerWidth) < STEP && Math.abs(height - innerHeight) < STEP) return;
    this.data = { width: innerWidth, height: innerHeight };
    this.size(this.data);
  }

  key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if ([...document.querySelectorAll("[role=dialog], :popover-open")].some(seen)) return; // these have the keys
    if (event.key === "Escape") {
      this.end();
      return;
    }
    const move = MOVES[event.key];
    if (!move || event.target.closest?.(OWN_KEYS)) return;
    event.preventDefault();
    if (move === "up" || move === "down") scroll(move === "down");
    else step(move);
  }

  leave() {
    clearTimeout(this.timer);
    document.removeEventListener("keydown", this.onKey);
    removeEventListener("resize", this.onSize);
  }
}

export default function (component) {
  const { data, parentElement, setStateValue, setTriggerValue } = component;
  const root = parentElement.querySelector(".tp-presenting");
  root.presenting ??= new Presenting();
  root.presenting.show(
    data,
    (size) => setStateValue("size", size),
    () => setTriggerValue("end", true),
  );
  return () => {
    root.presenting?.leave();
    root.presenting = null;
  };
}
