// A tile for each seat and the charts of all, fed by api/classes/CODE/board while no script of the page runs.
//
// data: { address, run, words, colours, plotly, config, aliases } from show_live_board() in __init__.py; the address
// answers board_json() of live_board.py.

const POLL = 400; // ms between an answer and the next question
const ENDED = 30000; // ms, of a class that is over
const SLOWEST = 5000; // ms, while the server does not answer
const MANY = 40; // tiles; more of them are made small
const MANY_PRESENTED = 12; // the same where the writing is large

class Board {
  constructor(root) {
    this.root = root;
    this.tiles = new Map();
    this.pooled = new Pooled(root.querySelector(".tp-board-pooled"));
    this.sum = root.querySelector(".tp-board-sum");
    this.list = root.querySelector(".tp-board-tiles");
    this.failures = 0;
    this.version = "";
    this.onVisible = () => {
      if (!document.hidden) this.ask();
    };
    document.addEventListener("visibilitychange", this.onVisible);
  }

  show(data, tell) {
    this.data = data;
    this.tell = tell;
    this.theme = themeOf(this.root);
    if (this.board) this.draw();
    // What the teacher has just set is to be seen at once.
    this.ask();
  }

  async ask() {
    clearTimeout(this.timer);
    if (this.gone || this.asking || document.hidden) return;
    const asking = (this.asking = new AbortController());
    try {
      const address = serverUrl(`${this.data.address}?version=${this.version}`);
      const answer = await fetch(address, { signal: asking.signal, cache: "no-store" });
      if (this.gone) return;
      if (answer.status !== 204) {
        const json = answer.headers.get("content-type")?.includes("application/json");
        const said = json ? await answer.json() : null;
        if (answer.status === 403) {
          // Deleted, or not one's own any more: the page says so.
          this.asking = null;
          this.gone = true;
          this.tell("lost", true);
          return;
        }
        if (!answer.ok || !said) throw new Error(`status ${answer.status}`);
        this.version = said.version;
        this.board = said;
        this.draw();
      }
      if (this.failures) {
        this.failures = 0;
        this.say();
      }
    } catch {
      if (this.gone) return;
      this.failures += 1;
      this.say();
    }
    this.asking = null;
    const pause = this.board?.ended ? ENDED : POLL * 2 ** Math.min(this.failures, 4);
    this.timer = setTimeout(() => this.ask(), this.board?.ended ? pause : Math.min(SLOWEST, pause));
  }

  draw() {
    const { board } = this;
    this.say();
    const { presented } = this.data;
    this.small = board.tiles.length > (presented ? MANY_PRESENTED : MANY);
    this.root.classList.toggle("tp-board-many", this.small);
    this.root.classList.toggle("tp-board-presented", presented);
    this.root.classList.toggle("tp-board-alone", board.shown.pooled_only);
    const there = new Set(board.tiles.map((tile) => tile.seat));
    for (const [seat, node] of this.tiles) {
      if (there.has(seat)) continue;
      node.remove();
      this.tiles.delete(seat);
    }
    board.tiles.forEach((tile, at) => {
      const node = this.node(tile.seat);
      if (this.list.children[at] !== node) this.list.insertBefore(node, this.list.children[at] ?? null);
      this.fillTile(node, tile);
    });
    this.pooled.show(this.data, board, this.theme);
  }

  say() {
    const { words } = this.data;
    this.sum.toggleAttribute("data-trouble", this.failures > 1);
    let said = "";
    if (this.failures > 1) said = words.no_answer;
    else if (this.board && !this.board.seats) said = words.nobody;
    else if (this.board) {
      const of = (state) => this.board.states[state] ?? 0;
      said = fill(words.sum, {
        seats: this.board.seats,
        running: of("running") + of("stopping"),
        queued: of("queued"),
        finished: of("finished"),
      });
    }
    if (this.sum.textContent !== said) this.sum.textContent = said;
  }

  node(seat) {
    let node = this.tiles.get(seat);
    if (node) return node;
    node = document.createElement("li");
    node.className = "tp-seat";
    node.innerHTML = `<a class="tp-seat-open"><span class="tp-seat-name"><span class="tp-seat-swatch"></span><bdi></bdi></span>
      <span class="tp-seat-line"><span class="tp-seat-what"></span><span class="tp-seat-epoch"></span></span>
      <span class="tp-seat-bar"><span class="tp-seat-done"></span></span>
      <span class="tp-seat-line"><span class="tp-seat-turn"></span><span class="tp-seat-place"></span></span></a>
      <button type="button" class="tp-seat-menu" aria-haspopup="dialog">⋮</button>`;
    const menu = () => this.tell("menu", seat);
    node.querySelector(".tp-seat-menu").addEventListener("click", menu);
    node.querySelector(".tp-seat-open").addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a window of its own
      event.preventDefault();
      if (node.run) this.tell("opened", node.run);
      else menu();
    });
    this.tiles.set(seat, node);
    return node;
  }

  name(tile) {
    if (tile.nickname !== undefined) return tile.nickname;
    return this.data.aliases[tile.seat - 1] ?? String(tile.seat);
  }

  fillTile(node, tile) {
    const { words } = this.data;
    const set = (part, text) => {
      const found = node.querySelector(part);
      if (found.textContent !== text) found.textContent = text;
      found.hidden = !text;
    };
    const name = this.name(tile);
    const what = tile.run ? (words.presets[tile.preset] ?? words.datasets[tile.dataset] ?? tile.dataset) : "";
    const place = tile.place ? fill(words.place, tile.place) : "";
    const turn = tile.run ? fill(words.turning[tile.turning] ?? "", { epoch: tile.turned }) : "";
    const waits = tile.state === "queued" && tile.position;
    const state = !tile.run ? words.no_run : waits ? fill(words.queued_place, tile) : words.states[tile.state];
    const moving = tile.state === "running" || tile.state === "stopping" || tile.state === "finished";
    set(".tp-seat-name bdi", name);
    set(".tp-seat-what", what || state);
    set(".tp-seat-place", tile.here ? place : words.away);
    set(".tp-seat-epoch", moving ? `${tile.epoch}/${tile.epochs}` : what && state);
    const short = tile.run ? fill(words.turning_short[tile.turning] ?? "", { epoch: tile.turned }) : "";
    set(".tp-seat-turn", this.small ? short : turn);
    const swatch = node.querySelector(".tp-seat-swatch");
    swatch.hidden = tile.nickname !== undefined;
    swatch.style.background = this.data.swatches[(tile.seat - 1) % this.data.swatches.length];
    node.querySelector(".tp-seat-bar").hidden = !tile.run;
    const share = tile.epochs ? Math.min(100, (100 * tile.epoch) / tile.epochs) : 0;
    node.querySelector(".tp-seat-done").style.width = `${share.toFixed(1)}%`;
    Object.assign(node.dataset, { state: tile.state ?? "none", turning: tile.turning, here: tile.here, seat: tile.seat });
    node.run = tile.run;
    const open = node.querySelector(".tp-seat-open");
    const parts = [name, tile.here ? "" : words.away, tile.place?.title, place, what, state];
    if (moving) parts.push(fill(words.epoch, tile));
    const label = [...parts, turn].filter(Boolean).join(", ");
    open.setAttribute("aria-label", label);
    open.title = label;
    if (tile.run) open.href = serverUrl(`${this.data.run}?run=${encodeURIComponent(tile.run)}`);
    else open.href = "#";
    node.querySelector(".tp-seat-menu").setAttribute("aria-label", fill(words.menu, { name }));
  }

  leave() {
    this.gone = true;
    clearTimeout(this.timer);
    this.asking?.abort();
    this.pooled.leave();
    document.removeEventListener("visibilitychange", this.onVisible);
  }
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".tp-board");
  root.board ??= new Board(root);
  root.board.show(data, (name, value) => setTriggerValue(name, value));
  return () => {
    root.board?.leave();
    root.board = null;
  };
}
