// What a network answered after each epoch, moved by a slider: all numbers of all epochs come at once, so that
// nothing is asked of the server while it moves. Where it comes to rest is told once.
//
// data: { run, at, epochs, last, turn, samples, classes, matrices, shares, sizes, right, curves, form, words,
// colours, language } from player_data() in __init__.py.

const WHOLE = 12000; // ms that a whole animation takes at most
const FASTEST = 120; // ms between two epochs
const SLOWEST = 700;
const SLOWEST_STILL = 1200; // where the reader wants little motion
const REST = 300; // ms without a move: then it rests
const FEW = 12; // up to so many classes each cell has room for a number
const WIDE = 4; // up to so many there is room for their names side by side
const THUMB = 18; // px, as in the style sheet
const HEIGHT = 64; // px of the curves
const STRONGEST = 72; // percent of colour under words; dark and light words stay readable on it

const NAMED = 3; // so many classes the sentence on a row names

const make = (tag, words, more = {}) => {
  const element = document.createElement(tag);
  if (words !== undefined) element.textContent = words;
  for (const [name, value] of Object.entries(more)) element.setAttribute(name, value);
  return element;
};

const drawn = (tag, more) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(more)) element.setAttribute(name, value);
  return element;
};

class EpochPlayer {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`.tp-player-${name}`);
    this.slider = this.part("slider");
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.part("play").onclick = () => (this.playing ? this.pause() : this.play());
    this.part("turn").onclick = () => {
      this.pause();
      this.go(this.data.turn.place);
      this.rest();
    };
    // The arrow keys, Home and End are the slider's own.
    this.slider.oninput = () => {
      this.halt();
      this.go(Number(this.slider.value));
    };
    this.slider.onchange = () => this.rest();
    this.slider.onkeydown = (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      this.part("play").click();
    };
    const matrix = this.part("matrix");
    matrix.onclick = (event) => this.pick(event.target.closest("td"));
    matrix.onkeydown = (event) => this.walk(event);
    // Of a mouse only what moves counts: one that rests is no answer to the keys when the page scrolls under it.
    matrix.onpointerover = (event) => {
      if (event.pointerType !== "mouse") this.point(event.target.closest("td"));
    };
    matrix.onpointermove = (event) => {
      const cell = event.target.closest("td");
      if ((event.movementX || event.movementY) && cell !== this.pointed) this.point(cell);
    };
    // These two have no property of their own in browsers.
    matrix.addEventListener("focusin", (event) => this.point(event.target.closest("td")));
    matrix.addEventListener("focusout", () => this.point(null));
    matrix.onpointerleave = () => this.point(null);
    this.onHidden = () => {
      if (document.hidden) this.pause();
    };
    document.addEventListener("visibilitychange", this.onHidden);
    this.sizes = new ResizeObserver(() => this.drawCurves());
    this.sizes.observe(this.part("track"));
  }

  // The page's script ran. Only what is shown changes then, not the place where the reader is.
  show(data, tell) {
    this.tell = tell;
    const { at, ...content } = data;
    let epoch = this.epoch;
    if (this.data?.run !== data.run) {
      this.halt();
      this.told = epoch = at;
    }
    const shown = JSON.stringify(content);
    if (this.shown === shown) return;
    this.shown = shown;
    this.data = data;
    this.lay();
    this.go(Math.max(0, data.epochs.indexOf(epoch)));
  }

  leave() {
    this.halt();
    clearTimeout(this.resting);
    document.removeEventListener("visibilitychange", this.onHidden);
    this.sizes.disconnect();
  }

  get epoch() {
    return this.data?.epochs[this.place];
  }

  // Moving

  play() {
    const last = this.data.epochs.length - 1;
    clearTimeout(this.resting);
    this.playing = true;
    if (this.place >= last) this.go(0);
    this.sign();
    const slowest = this.still.matches ? SLOWEST_STILL : SLOWEST;
    const fastest = this.still.matches ? SLOWEST_STILL : FASTEST;
    const wait = Math.min(slowest, Math.max(fastest, WHOLE / (last + 1)));
    const step = () => {
      this.go(this.place + 1);
      if (this.place >= last) this.pause();
      else this.timer = setTimeout(step, wait);
    };
    this.timer = setTimeout(step, wait);
  }

  halt() {
    clearTimeout(this.timer);
    this.playing = false;
    if (this.data) this.sign();
  }

  pause() {
    if (!this.playing) return;
    this.halt();
    this.rest();
  }

  // Tell where the slider stays, once it does.
  rest() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      if (this.playing) return;
      this.part("said").textContent = this.summary();
      if (this.epoch === this.told) return;
      this.told = this.epoch;
      this.tell({ epoch: this.epoch });
    }, REST);
  }

  go(place) {
    this.place = Math.min(Math.max(0, place), this.data.epochs.length - 1);
    const slider = this.slider;
    slider.value = this.place;
    slider.setAttribute("aria-valuetext", this.summary());
    this.root.dataset.epoch = this.epoch;
    this.drawNumbers();
    this.drawMatrix();
    this.drawClasses();
    this.moveLine();
    this.part("turn").disabled = this.place === this.data.turn?.place;
  }

  // Cells

  pick(cell) {
    if (!cell?.dataset.count || cell.dataset.true === cell.dataset.predicted) return;
    this.halt();
    clearTimeout(this.resting);
    this.told = this.epoch;
    const labels = this.data.classes.map((one) => one.label);
    this.tell({
      epoch: this.epoch,
      true: labels[Number(cell.dataset.true)],
      predicted: labels[Number(cell.dataset.predicted)],
    });
  }

  walk(event) {
    const cell = event.target.closest("td");
    if (!cell) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.pick(cell);
      return;
    }
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = this.cells[Number(cell.dataset.true) + step[0]]?.[Number(cell.dataset.predicted) + step[1]];
    if (!next) return;
    cell.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  // The cell under the pointer, else the one that has the focus.
  point(over) {
    const cell = over ?? this.part("matrix").querySelector("td:focus");
    this.pointed = cell;
    this.part("cell").textContent = cell ? cell.getAttribute("aria-label") : this.data.words.hint;
    this.part("row").textContent = cell ? this.row(Number(cell.dataset.true)) : "";
  }

  // Words

  // What the samples of a class were taken for, as `matrix_words.row_sentence` says it.
  row(place) {
    const { classes, sizes, words } = this.data;
    const size = classes.length;
    const counts = this.matrices[this.place].slice(place * size, (place + 1) * size);
    const [total, right] = [sizes[place], counts[place]];
    const details = {
      name: classes[place].name, total: this.whole(total), right: this.whole(right), share: this.percent(total ? right / total : 0),
    };
    if (!total) return fill(words.row.none, details);
    if (right === total) return fill(words.row.all, details);
    const wrong = [...counts.keys()].filter((other) => other !== place && counts[other]);
    wrong.sort((one, other) => counts[other] - counts[one]);
    const named = wrong.length <= NAMED + 1 ? wrong : wrong.slice(0, NAMED);
    const others = named.map((other) => fill(words.row.part_of, { name: classes[other].name, count: this.whole(counts[other]) }));
    const rest = total - right - named.reduce((sum, other) => sum + counts[other], 0);
    if (rest) others.push(fill(words.row.part_rest, { count: this.whole(rest) }));
    return `${fill(right ? words.row.some : words.row.nothing, details)} ${fill(words.row.others, { others: others.join(", ") })}`;
  }

  percent(value, digits = 1) {
    return value === null
      ? "–"
      : value.toLocaleString(this.data.language, {
          style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits,
        });
  }

  loss(value) {
    return value === null
      ? "–"
      : value.toLocaleString(this.data.language, { minimumFractionDigits: 4, maximumFractionDigits: 4 });
  }

  whole(value) {
    return value.toLocaleString(this.data.language);
  }

  summary() {
    const { words, right, samples, curves, epochs, last } = this.data;
    const at = this.place;
    const sentences = [
      fill(words.said, {
        epoch: epochs[at],
        epochs: last,
        accuracy: this.percent(right[at] / samples),
        wrong: this.whole(samples - right[at]),
        samples: this.whole(samples),
        loss: this.loss(curves.validation[at]),
      }),
    ];
    if (at === this.data.turn?.place) sentences.push(this.data.turn.word);
    const [count, t, p] = this.largest();
    if (count) {
      const { classes } = this.data;
      sentences.push(fill(words.largest, { true: classes[t].name, predicted: classes[p].name, count: this.whole(count) }));
    }
    return sentences.join(" ");
  }

  largest() {
    const size = this.data.classes.length;
    let found = [0, 0, 0];
    this.matrices[this.place].forEach((count, cell) => {
      const [t, p] = [Math.floor(cell / size), cell % size];
      if (t !== p && count > found[0]) found = [count, t, p];
    });
    return found;
  }

  sign() {
    const { words } = this.data;
    const play = this.part("play");
    this.part("do").textContent = this.playing ? words.pause : words.play;
    play.setAttribute("aria-pressed", String(this.playing));
    this.root.dataset.playing = String(this.playing);
  }

  // What stays while the slider moves

  lay() {
    const { words, classes, epochs, turn, sizes, form } = this.data;
    const size = classes.length;
    this.matrices = this.data.matrices.map((filled) => {
      const counts = new Array(size * size).fill(0);
      for (let at = 0; at < filled.length; at += 2) counts[filled[at]] = filled[at + 1];
      return counts;
    });
    this.slider.max = epochs.length - 1;
    this.slider.disabled = this.part("play").disabled = epochs.length < 2;
    this.slider.setAttribute("aria-label", words.slider);
    this.sign();
    const button = this.part("turn");
    button.hidden = !turn;
    button.textContent = turn ? turn.go : "";
    this.part("key").replaceChildren(
      ...["training", "validation"].map((kind) => {
        const entry = make("span", words[kind], { "data-kind": kind });
        entry.style.setProperty("--colour", this.data.colours[kind]);
        return entry;
      }),
    );
    this.part("numbers").replaceChildren(
      ...["epoch", "accuracy", "wrong", "validation_loss"].flatMap((name) => {
        const pair = make("div");
        pair.append(make("dt", words[name]), make("dd", "", { "data-name": name }));
        return [pair];
      }),
    );

    const matrix = this.part("matrix");
    matrix.classList.toggle("tp-player-many", size > FEW);
    const flat = size <= WIDE || classes.every((one) => one.short.length <= 2);
    matrix.classList.toggle("tp-player-wide", flat);
    matrix.style.setProperty("--hue", this.data.colours.training);
    matrix.style.setProperty("--classes", size);
    const head = make("tr");
    head.append(make("td", "", { class: "tp-player-corner" }));
    classes.forEach((one) => {
      const th = make("th", "", { scope: "col", title: one.name });
      th.append(make("span", one.short));
      head.append(th);
    });
    const caption = make("caption", words.matrix);
    const axes = make("span", words.axes);
    caption.append(axes);
    const top = make("thead");
    top.append(head);
    const body = make("tbody");
    this.cells = classes.map((one, t) => {
      const row = make("tr");
      row.append(make("th", one.short, { scope: "row", title: one.name }));
      const cells = classes.map((_, p) => {
        const cell = make("td", "", { role: "gridcell", tabindex: t || p ? -1 : 0 });
        Object.assign(cell.dataset, { true: t, predicted: p });
        if (t === p) cell.className = "tp-player-right";
        row.append(cell);
        return cell;
      });
      body.append(row);
      return cells;
    });
    matrix.replaceChildren(caption, top, body);
    this.point(null);
    // One scale for all epochs, so that a cell that gets darker is one that grew.
    this.most = 1;
    this.matrices.forEach((counts) =>
      counts.forEach((count, cell) => {
        if (form !== "mistakes" || Math.floor(cell / size) !== cell % size) this.most = Math.max(this.most, count);
      }),
    );

    const table = this.part("classes");
    const heading = make("tr");
    [words.class, words.class_accuracy, words.support].forEach((word) => heading.append(make("th", word, { scope: "col" })));
    const listHead = make("thead");
    listHead.append(heading);
    const list = make("tbody");
    this.bars = classes.map((one, t) => {
      const row = make("tr");
      const bar = make("div", undefined, { class: "tp-player-share" });
      const done = make("span", undefined, { class: "tp-player-done" });
      const mark = make("span", undefined, { class: "tp-player-then" });
      const share = make("span", "", { class: "tp-player-percent" });
      bar.append(done, mark);
      const then = turn ? this.data.shares[turn.place][t] : null;
      mark.hidden = then === null;
      if (then !== null) mark.style.left = `${100 * then}%`;
      const cell = make("td");
      const both = make("div", undefined, { class: "tp-player-both" });
      both.append(bar, share);
      cell.append(both);
      row.append(make("th", one.brief, { scope: "row", title: one.name }), cell, make("td", this.whole(sizes[t])));
      list.append(row);
      return { done, share };
    });
    const title = make("caption", words.classes);
    if (turn) title.append(make("span", turn.marked));
    table.replaceChildren(title, listHead, list);
    table.style.setProperty("--hue", this.data.colours.validation);
    table.style.setProperty("--turn", this.data.colours.turning_point);
    this.drawCurves();
  }

  across(place) {
    const width = this.part("track").clientWidth;
    const steps = Math.max(1, this.data.epochs.length - 1);
    return THUMB / 2 + (place / steps) * (width - THUMB);
  }

  drawCurves() {
    if (!this.data) return;
    const { curves, colours, turn, epochs } = this.data;
    const svg = this.part("curves");
    const values = [...curves.training, ...curves.validation].filter((value) => value !== null);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const up = (value) => HEIGHT - 4 - ((value - low) / (high - low || 1)) * (HEIGHT - 8);
    const lines = ["training", "validation"].map((kind) => {
      let pen = "M";
      const path = curves[kind]
        .map((value, place) => {
          if (value === null) {
            pen = "M";
            return "";
          }
          const point = `${pen}${this.across(place).toFixed(1)} ${up(value).toFixed(1)}`;
          pen = "L";
          return point;
        })
        .join("");
      return drawn("path", { d: path, fill: "none", stroke: colours[kind], "stroke-width": 2, "stroke-dasharray": kind === "validation" ? "6 4" : "none" });
    });
    if (turn) {
      const x = this.across(turn.place);
      lines.push(drawn("line", { x1: x, x2: x, y1: 0, y2: HEIGHT, stroke: colours.turning_point, "stroke-width": 1.5, "stroke-dasharray": turn.confirmed ? "6 4" : "2 3" }));
    }
    this.line = drawn("line", { y1: 0, y2: HEIGHT, stroke: "currentColor", "stroke-width": 1 });
    svg.replaceChildren(...lines, this.line);

    const marks = this.part("marks");
    const width = this.part("track").clientWidth;
    const ends = [make("span", epochs[0]), make("span", epochs[epochs.length - 1])];
    ends[0].style.left = "0";
    ends[1].style.right = "0";
    const shown = epochs.length > 1 ? ends : [ends[0]];
    if (turn) {
      const word = make("span", turn.label, { class: "tp-player-mark" });
      word.style.setProperty("--turn", colours.turning_point);
      marks.replaceChildren(word);
      const x = this.across(turn.place);
      const half = word.offsetWidth / 2;
      word.style.left = `${Math.min(Math.max(0, x - half), Math.max(0, width - 2 * half))}px`;
      word.style.setProperty("--at", `${x - Math.min(Math.max(0, x - half), Math.max(0, width - 2 * half))}px`);
      // An end that the mark covers is left out.
      const near = half + 34;
      if (x < near) shown[0] = null;
      if (width - x < near) shown[1] = null;
      marks.append(...shown.filter(Boolean));
    } else marks.replaceChildren(...shown);
    this.moveLine();
  }

  // What moves with it

  moveLine() {
    if (!this.line || this.place === undefined) return;
    const x = this.across(this.place);
    this.line.setAttribute("x1", x);
    this.line.setAttribute("x2", x);
  }

  drawNumbers() {
    const { words, right, samples, curves, last } = this.data;
    const at = this.place;
    const shown = {
      epoch: fill(words.of, { a: this.epoch, b: last }),
      accuracy: this.percent(right[at] / samples),
      wrong: fill(words.of, { a: this.whole(samples - right[at]), b: this.whole(samples) }),
      validation_loss: this.loss(curves.validation[at]),
    };
    this.part("numbers").querySelectorAll("dd").forEach((number) => {
      number.textContent = shown[number.dataset.name];
    });
  }

  drawMatrix() {
    const { classes, sizes, form, words } = this.data;
    const counts = this.matrices[this.place];
    const size = classes.length;
    const few = size <= FEW;
    this.cells.forEach((row, t) =>
      row.forEach((cell, p) => {
        const count = counts[t * size + p];
        const share = sizes[t] ? count / sizes[t] : 0;
        const hidden = form === "mistakes" && t === p;
        const depth = hidden ? 0 : form === "shares" ? share : few ? count / this.most : Math.log1p(count) / Math.log1p(this.most);
        cell.style.setProperty("--depth", `${((few ? STRONGEST : 100) * depth).toFixed(1)}%`);
        const percent = Math.round(100 * share);
        const words_ = form === "shares" ? (percent ? String(percent) : "<1") : this.whole(count);
        cell.textContent = few && count && !hidden ? words_ : "";
        cell.dataset.count = count || "";
        cell.setAttribute(
          "aria-label",
          fill(words.cell, {
            true: classes[t].name, predicted: classes[p].name, count: this.whole(count), share: this.percent(share),
          }),
        );
      }),
    );
    if (this.pointed) this.point(this.pointed);
  }

  drawClasses() {
    const shares = this.data.shares[this.place];
    this.bars.forEach(({ done, share }, t) => {
      done.style.width = `${100 * (shares[t] ?? 0)}%`;
      share.textContent = this.percent(shares[t], 0);
    });
  }
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".tp-player");
  root.epochPlayer ??= new EpochPlayer(root);
  root.epochPlayer.show(data, (rest) => setTriggerValue("rest", rest));
  return () => {
    root.epochPlayer?.leave();
    root.epochPlayer = null;
  };
}
