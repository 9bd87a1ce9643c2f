// What a run has not yet reached fades only when its answer is late. Streamlit begins to fade all of it at once, and takes
// that back when the answer is there: where answers come soon nobody sees it, but of the elements that go meanwhile
// React Aria, which waits for the end of each such change, keeps every one for ever.

const SCRIPT = "data-test-script-state"; // Streamlit's own mark on the page: running, notRunning and others
const LATE = 700; // ms after which what is still awaited may fade

class LateAnswer {
  constructor() {
    this.root = document.documentElement;
    this.states = new MutationObserver((changes) => this.hear(changes.at(-1).target.getAttribute(SCRIPT)));
    this.states.observe(document.body, { attributeFilter: [SCRIPT], subtree: true });
  }

  // `frame` is the colour of the line around what can be opened, which Streamlit lightens while all fades.
  show(frame) {
    this.root.style.setProperty("--tp-frame", frame);
  }

  hear(state) {
    if (state === "notRunning") {
      clearTimeout(this.waiting);
      this.waiting = null;
      delete this.root.dataset.answerLate;
    } else {
      this.waiting ??= setTimeout(() => (this.root.dataset.answerLate = ""), LATE);
    }
  }

  leave() {
    this.states.disconnect();
    this.hear("notRunning");
  }
}
