// Says that the server does not answer as long as Streamlit has no connection to it, and takes that back when it has one.
// Streamlit goes on trying by itself, and runs the page anew once it is connected.
//
// data: { language, frame, title, server, network, training } from watch_connection() in __init__.py.

const STATE = "data-test-connection-state"; // Streamlit's own mark on the page: CONNECTED, PINGING_SERVER and others
const PATIENCE = 1500; // ms without a connection before anything is said: a short break is nobody's trouble
const ASK = 5000; // ms between two questions to the server, where Streamlit has no such mark

class LostConnection {
  constructor() {
    this.card = document.createElement("div");
    this.card.className = "tp-lost";
    this.card.setAttribute("role", "alert");
    // What Streamlit opens over the page hides all else from screen readers, but for what is marked so.
    this.card.setAttribute("data-react-aria-top-layer", "true");
    this.title = this.card.appendChild(document.createElement("strong"));
    this.why = this.card.appendChild(document.createElement("p"));
    this.training = this.card.appendChild(document.createElement("p"));
    this.states = new MutationObserver(() => this.look());
    this.states.observe(document.body, { attributeFilter: [STATE], subtree: true });
    this.dialogs = new MutationObserver((changes) => {
      for (const { addedNodes } of changes) addedNodes.forEach((node) => this.silence(node));
    });
    this.onNetwork = () => this.write();
    addEventListener("online", this.onNetwork);
    addEventListener("offline", this.onNetwork);
    if (!document.querySelector(`[${STATE}]`)) this.asking = setInterval(() => this.ask(), ASK);
  }

  show(words) {
    this.words = words;
    this.write();
    this.look();
  }

  write() {
    this.card.lang = this.words.language;
    this.title.textContent = this.words.title;
    this.why.textContent = navigator.onLine ? this.words.server : this.words.network;
    this.training.textContent = this.words.training;
  }

  look() {
    const state = document.querySelector(`[${STATE}]`)?.getAttribute(STATE);
    if (state) this.hear(state === "CONNECTED");
  }

  async ask() {
    if (document.hidden) return;
    const found = await fetch(serverUrl("_stcore/health"), { cache: "no-store" }).catch(() => null);
    this.hear(Boolean(found?.ok));
  }

  hear(connected) {
    if (connected) {
      clearTimeout(this.waiting);
      this.waiting = null;
      this.dialogs.disconnect();
      this.card.remove();
    } else {
      this.waiting ??= setTimeout(() => this.say(), PATIENCE);
    }
  }

  say() {
    this.write();
    document.body.append(this.card);
    this.dialogs.observe(document.body, { childList: true });
  }

  // Without a connection no dialog of ours can open, so what opens is Streamlit's: it is closed as a reader would.
  silence(node) {
    const dialog = node instanceof Element && (node.matches(DIALOG) ? node : node.querySelector(DIALOG));
    if (!dialog) return;
    dialog.classList.add("tp-lost-hidden");
    setTimeout(() => dialog.querySelector("button")?.click());
  }

  leave() {
    clearTimeout(this.waiting);
    clearInterval(this.asking);
    this.states.disconnect();
    this.dialogs.disconnect();
    removeEventListener("online", this.onNetwork);
    removeEventListener("offline", this.onNetwork);
    this.card.remove();
  }
}

const DIALOG = '[data-testid="stDialog"]';

export default function (component) {
  const { data, parentElement } = component;
  const mark = parentElement.querySelector(".tp-lost-mark");
  mark.lost ??= new LostConnection();
  mark.lost.show(data);
  mark.late ??= new LateAnswer();
  mark.late.show(data.frame);
  return () => {
    mark.lost?.leave();
    mark.late?.leave();
    mark.lost = mark.late = null;
  };
}
