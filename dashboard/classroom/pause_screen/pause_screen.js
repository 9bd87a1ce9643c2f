// Covers the page while the class is paused. Everything beside the screen is made inert, so that neither mouse nor
// keyboard nor screen reader gets there; nothing of it is taken away, and all of it is as before when the pause ends.
//
// data: { title, about, language } from show_pause_screen() in __init__.py.

class PauseScreen {
  constructor() {
    this.held = new Set();
    this.before = document.activeElement;
    this.screen = document.createElement("div");
    this.screen.className = "tp-pause";
    this.screen.tabIndex = -1;
    this.screen.setAttribute("role", "alertdialog");
    this.screen.setAttribute("aria-modal", "true");
    this.title = this.screen.appendChild(document.createElement("h1"));
    this.about = this.screen.appendChild(document.createElement("p"));
    this.title.id = "tp-pause-title";
    this.about.id = "tp-pause-about";
    this.screen.setAttribute("aria-labelledby", this.title.id);
    this.screen.setAttribute("aria-describedby", this.about.id);
    // Menus and dialogs that Streamlit opens later stand beside the page, too.
    this.watch = new MutationObserver(() => this.hold());
  }

  show({ title, about, language }) {
    this.title.textContent = title;
    this.about.textContent = about;
    this.screen.lang = language;
    if (this.screen.isConnected) return;
    document.body.append(this.screen);
    this.hold();
    this.watch.observe(document.body, { childList: true });
    this.screen.focus();
  }

  hold() {
    for (const other of document.body.children) {
      if (other === this.screen || other.inert) continue;
      other.inert = true;
      this.held.add(other);
    }
  }

  leave() {
    this.watch.disconnect();
    for (const other of this.held) other.inert = false;
    this.screen.remove();
    if (this.before?.isConnected) this.before.focus({ preventScroll: true });
  }
}

export default function (component) {
  const { data, parentElement } = component;
  const mark = parentElement.querySelector(".tp-pause-mark");
  mark.pause ??= new PauseScreen();
  mark.pause.show(data);
  return () => {
    mark.pause?.leave();
    mark.pause = null;
  };
}
