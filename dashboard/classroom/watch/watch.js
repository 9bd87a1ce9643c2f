// Asks whether something has changed for this browser in its class; the page's script runs again only then.
//
// data: { address, stamp } from watch() in __init__.py; the address answers { stamp }.

const EVERY = 2000; // ms between an answer and the next question
const HIDDEN = 20000; // ms, while nobody sees the page
const SLOWEST = 30000; // ms, while the server does not answer
const AGAIN = 6000; // ms until the page is asked once more to run for the same change

class Watch {
  constructor() {
    this.failures = 0;
    this.told = { stamp: null, at: 0 };
    this.onVisible = () => {
      if (!document.hidden) this.ask();
    };
    document.addEventListener("visibilitychange", this.onVisible);
  }

  show({ address, stamp }, changed) {
    this.address = address;
    this.stamp = stamp;
    this.changed = changed;
    if (!this.timer && !this.asking) this.later();
  }

  later() {
    const pause = document.hidden ? HIDDEN : EVERY * 2 ** Math.min(this.failures, 4);
    this.timer = setTimeout(() => this.ask(), Math.min(pause, SLOWEST));
  }

  async ask() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.gone || this.asking) return;
    const asking = (this.asking = new AbortController());
    try {
      const answer = await fetch(serverUrl(this.address), { signal: asking.signal, cache: "no-store" });
      const json = answer.headers.get("content-type")?.includes("application/json");
      if (!json || ![200, 403].includes(answer.status)) throw new Error(`status ${answer.status}`);
      // Whoever was taken out of the class gets 403: their page has to change, too.
      const stamp = answer.status === 200 ? (await answer.json()).stamp : "";
      this.failures = 0;
      this.compare(stamp);
    } catch {
      this.failures += 1;
    }
    this.asking = null;
    if (!this.gone) this.later();
  }

  compare(stamp) {
    const now = Date.now();
    if (stamp === this.stamp || (stamp === this.told.stamp && now - this.told.at < AGAIN)) return;
    this.told = { stamp, at: now };
    this.changed(stamp || "out");
  }

  leave() {
    this.gone = true;
    clearTimeout(this.timer);
    this.asking?.abort();
    document.removeEventListener("visibilitychange", this.onVisible);
  }
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".tp-watch");
  root.watch ??= new Watch();
  root.watch.show(data, (stamp) => setTriggerValue("changed", stamp));
  return () => {
    root.watch?.leave();
    root.watch = null;
  };
}
