// Opens the meaning of a term beside the word that was pressed. The words are links that the page itself has written;
// nothing in it is changed. data: { anchor, place, glossary } and words from term_opener() in __init__.py.

const EDGE = 8; // pixels between the panel, the word and the edges of the window
const COLOURS = {
  accent: "--st-primary-color",
  background: "--st-background-color",
  border: "--st-border-color",
  font: "--st-font",
  link: "--st-link-color",
  quiet: "--st-gray-text-color",
  text: "--st-text-color",
};

const fetched = new Map();

function glossary(path) {
  if (!fetched.has(path)) {
    const terms = fetch(serverUrl(path)).then((answer) => {
      // An unknown address answers with a page.
      if (!answer.ok || !answer.headers.get("content-type")?.includes("json")) throw new Error(answer.status);
      return answer.json();
    });
    terms.catch(() => fetched.delete(path)); // the next press tries again
    fetched.set(path, terms);
  }
  return fetched.get(path);
}

function element(tag, className, text, more = {}) {
  const made = Object.assign(document.createElement(tag), { className, textContent: text }, more);
  return made;
}

class TermOpener {
  constructor(parent) {
    this.parent = parent;
    this.panel = element("section", "tp-term", "");
    this.panel.popover = "auto"; // closes with Escape and with a press elsewhere
    this.panel.tabIndex = -1;
    this.panel.setAttribute("role", "dialog");
    this.panel.addEventListener("toggle", (event) => event.newState === "closed" && this.closed());
    document.body.append(this.panel);
    this.follow = (event) => {
      const link = event.target.closest?.("a[href]");
      const [word, place] = [this.data.anchor, this.data.place].map((mark) => link?.getAttribute("href").split(mark)[1]);
      if (!(word || place) || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      if (word) this.open(link);
      else this.leave(`place/${place}`);
    };
    document.addEventListener("click", this.follow, true);
    this.stay = () => this.word && this.place();
    addEventListener("resize", this.stay);
    document.addEventListener("scroll", this.stay, true);
  }

  show(data, go) {
    this.data = data;
    this.go = go;
    const style = getComputedStyle(this.parent);
    for (const [name, variable] of Object.entries(COLOURS)) {
      this.panel.style.setProperty(`--tp-term-${name}`, style.getPropertyValue(variable));
    }
  }

  async open(word) {
    this.word = word;
    const name = word.getAttribute("href").split(this.data.anchor)[1];
    let terms;
    try {
      terms = await glossary(this.data.glossary);
    } catch {
      terms = {};
    }
    if (this.word !== word) return; // another one was pressed meanwhile
    this.fill(name, terms);
    if (!this.panel.matches(":popover-open")) this.panel.showPopover();
    this.place();
    this.panel.focus({ preventScroll: true });
  }

  fill(name, terms) {
    const words = this.data;
    const term = terms[name];
    const head = element("div", "tp-term-head", "");
    const title = element("p", "tp-term-name", term?.called ?? this.word.textContent, { id: "tp-term-name" });
    if (term && term.elsewhere !== term.called) title.append(element("span", "", term.elsewhere));
    const close = element("button", "tp-term-close", "✕", { type: "button", onclick: () => this.panel.hidePopover() });
    close.setAttribute("aria-label", words.close);
    head.append(title, close);
    const about = element("p", "tp-term-about", term?.about ?? words.failed, { id: "tp-term-about" });
    this.panel.setAttribute("aria-labelledby", "tp-term-name");
    this.panel.setAttribute("aria-describedby", "tp-term-about");
    const parts = [head, about];
    if (term) {
      const related = element("p", "tp-term-more", "");
      related.append(element("span", "", words.related));
      for (const other of term.related) {
        related.append(this.button(terms[other].called, () => this.turn(other, terms)));
      }
      const see = element("p", "tp-term-more", "");
      see.append(element("span", "", words.see), this.button(term.place, () => this.leave(`place/${name}`)));
      parts.push(related, see);
    }
    const all = element("p", "tp-term-more", "");
    all.append(this.button(words.all, () => this.leave(`all/${term ? name : ""}`)));
    this.panel.replaceChildren(...parts, all);
  }

  button(text, onclick) {
    return element("button", "", text, { type: "button", onclick });
  }

  turn(name, terms) {
    this.fill(name, terms);
    this.place();
    this.panel.scrollTop = 0;
    this.panel.focus({ preventScroll: true });
  }

  leave(wish) {
    this.panel.hidePopover();
    this.go(wish);
  }

  // Below the word, or above it where there is more room; never outside of the window.
  place() {
    if (!this.word.isConnected) {
      this.panel.hidePopover();
      return;
    }
    const lines = this.word.getClientRects();
    const word = lines[0] ?? this.word.getBoundingClientRect();
    const { width, height } = this.panel.getBoundingClientRect();
    const below = innerHeight - word.bottom - EDGE;
    const top = below >= height + EDGE || below >= word.top ? word.bottom + EDGE : word.top - EDGE - height;
    const left = Math.min(Math.max(EDGE, word.left), innerWidth - width - EDGE);
    this.panel.style.top = `${Math.min(Math.max(EDGE, top), Math.max(EDGE, innerHeight - height - EDGE))}px`;
    this.panel.style.left = `${Math.max(EDGE, left)}px`;
  }

  closed() {
    const { word } = this;
    this.word = null;
    // Where the reader was, unless a press elsewhere has taken the focus already.
    if (word?.isConnected && (document.activeElement === document.body || this.panel.contains(document.activeElement))) {
      word.focus({ preventScroll: true });
    }
  }

  end() {
    document.removeEventListener("click", this.follow, true);
    document.removeEventListener("scroll", this.stay, true);
    removeEventListener("resize", this.stay);
    this.panel.remove();
  }
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".tp-term-opener");
  root.opener ??= new TermOpener(parentElement);
  root.opener.show(data, (wish) => setTriggerValue("go", wish));
  return () => {
    root.opener?.end();
    root.opener = null;
  };
}
