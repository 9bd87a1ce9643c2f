// Axes on which one marks the epoch where validation loss will be lowest, and may sketch the curve. Whoever has only
// keys marks the epoch by the slider below, or by the page's number field.
//
// data: { run, losses, planned, axes, scale, epoch, count, colours, language, say } from prediction_data() in __init__.py.
// What was done goes to the page as the state "answer": { epoch, sketch, count }; `count` comes back as the last one seen.

const HEIGHT = 320; // px, as in the style sheet
const LEFT = 54;
const RIGHT = 14;
const TOP = 26;
const BOTTOM = 62;
const POINTS = 121; // of a sketch, evenly from the first epoch to the last
const STILL = 6; // px: less than this is a press, not a line
const THUMB = 16; // px, the width that browsers give a slider's knob
const SVG = "http://www.w3.org/2000/svg";
const STEPS = [1, 2, 2.5, 5, 10];
const APART = [1, 2, 5, 10, 20, 50, 100, 200, 500]; // epochs between two numbers

const make = (name, attributes, text) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
};

const between = (low, value, high) => Math.min(high, Math.max(low, value));

// Distances of a grid of about so many lines.
function stepOf(range, lines) {
  const rough = range / lines;
  const ten = 10 ** Math.floor(Math.log10(rough));
  return ten * STEPS.find((step) => step * ten >= rough * 0.999);
}

class Prediction {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`.tp-predict-${name}`);
    this.chart = this.part("chart");
    this.mark = this.part("mark");
    // Over the drawing, and no part of it: browsers keep a finger from scrolling only on boxes of HTML.
    this.plot = this.part("plot");
    this.listen(this.plot);
    this.run = null;
    this.count = 0;
    this.onRun = ({ detail }) => {
      if (detail.id !== this.run) return;
      this.losses = detail.losses;
      this.axes = detail.axes ?? this.axes;
      this.draw();
    };
    document.addEventListener("turning-point-run", this.onRun);
    this.sizes = new ResizeObserver(([entry]) => {
      this.width = Math.round(entry.contentRect.width);
      this.draw();
    });
    this.sizes.observe(this.part("frame"));
    this.mark.addEventListener("input", () => this.choose(Number(this.mark.value)));
    this.mark.addEventListener("change", () => this.tell());
    // A press on the knob where it stands changes no value, but it is a choice.
    this.mark.addEventListener("pointerup", () => this.epoch === null && this.chooseAndTell(Number(this.mark.value)));
    this.mark.addEventListener("keydown", (event) => {
      if ((event.key === "Enter" || event.key === " ") && this.epoch === null) this.chooseAndTell(Number(this.mark.value));
    });
    this.part("undo").addEventListener("click", () => this.undo());
    this.part("clear").addEventListener("click", () => this.clear());
  }

  leave() {
    document.removeEventListener("turning-point-run", this.onRun);
    this.sizes.disconnect();
  }

  // The page's script ran, or the theme changed.
  update(data, send) {
    this.data = data;
    this.send = send;
    if (data.scale !== this.given) this.scale = this.given = data.scale;
    this.root.style.setProperty("--tp-prediction", data.colours.prediction);
    if (data.run !== this.run) {
      this.run = data.run;
      this.losses = [];
      this.before = [];
      this.stroke = null;
      this.epoch = null;
      this.fixed = {};
      this.axes = data.axes;
      this.sketch = new Array(POINTS).fill(null);
      this.restore();
    }
    if (data.losses.length > this.losses.length) {
      this.losses = data.losses;
      this.axes = data.axes;
    }
    // The number field may have been used; what is older than the last thing done here is no news.
    if (data.count >= this.count) this.epoch = Number.isInteger(data.epoch) ? data.epoch : null;
    const { say } = data;
    this.part("undo").textContent = say.undo;
    this.part("clear").textContent = say.clear;
    this.part("hint").textContent = say.hint;
    offerScales(this.part("scale"), say.scale, say.scales, this.scale, `tp-predict-scale-${data.run}`, (scale) => {
      this.scale = this.given = scale;
      this.draw();
      this.send("scale", scale);
    });
    this.mark.setAttribute("aria-label", say.slider);
    this.mark.min = 1;
    this.mark.max = data.planned;
    this.draw();
  }

  // What was drawn before the page was reloaded or left, from this browser's own memory.
  get place() {
    return `turning-point-prediction-${this.run}`;
  }

  restore() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.place) ?? "null");
      if (!kept) return;
      if (Array.isArray(kept.sketch) && kept.sketch.length === POINTS) this.sketch = kept.sketch;
      if (Number.isInteger(kept.epoch) && kept.epoch <= this.data.planned) this.epoch = kept.epoch;
      this.tell();
    } catch {
      // no memory, or not ours
    }
  }

  tell() {
    this.count = Math.max(this.count, this.data.count) + 1;
    try {
      sessionStorage.setItem(this.place, JSON.stringify({ epoch: this.epoch, sketch: this.sketch }));
    } catch {
      // full, or switched off
    }
    const points = this.sketch.flatMap((loss, at) => (loss === null ? [] : [[this.epochAt(at), loss]]));
    this.send("answer", { epoch: this.epoch, sketch: points, count: this.count });
  }

  epochAt(place) {
    return Number((1 + ((this.data.planned - 1) * place) / (POINTS - 1)).toFixed(4));
  }

  choose(epoch) {
    this.epoch = between(1, Math.round(epoch), this.data.planned);
    this.part("said").textContent = this.data.say.said.replace("{epoch}", this.epoch);
    this.draw();
  }

  chooseAndTell(epoch) {
    this.choose(epoch);
    this.tell();
  }

  get isEmpty() {
    return this.sketch.every((loss) => loss === null);
  }

  undo() {
    const last = this.before.pop();
    if (!last) return;
    this.sketch = last;
    this.draw();
    this.tell();
  }

  clear() {
    if (this.isEmpty) return;
    this.before.push([...this.sketch]);
    this.sketch.fill(null);
    this.draw();
    this.tell();
  }

  // The axes

  // The ends for this scale, as worked out for the losses so far; they stay while there is a sketch, which is held whole.
  get axis() {
    if (this.fixed[this.scale] && !this.isEmpty) return this.fixed[this.scale];
    const { low, high } = this.axes[this.scale];
    const drawn = this.sketch.filter((loss) => loss !== null && (this.scale === "linear" || loss > 0));
    this.fixed[this.scale] = { low: Math.min(low, ...drawn), high: Math.max(high, ...drawn) };
    return this.fixed[this.scale];
  }

  // How far up a loss stands, from 0 to 1, and the loss that stands there.
  share(loss) {
    const { low, high } = this.shown;
    if (this.scale === "linear") return (loss - low) / (high - low);
    return loss > 0 ? Math.log(loss / low) / Math.log(high / low) : -1;
  }

  lossAt(share) {
    const { low, high } = this.shown;
    return this.scale === "linear" ? low + share * (high - low) : low * (high / low) ** share;
  }

  // What is written at the axis: of a logarithmic one 1, 2 and 5 of each power of ten, or the powers alone.
  levels() {
    const { low, high } = this.shown;
    const found = [];
    if (this.scale === "linear") {
      const step = stepOf(high - low, 5);
      for (let at = Math.ceil(low / step - 1e-9); at * step <= high * 1.0001; at += 1) found.push(at * step + 0); // never -0
      return { found, digits: Math.max(0, -Math.floor(Math.log10(step)) + (String(step).includes("25") ? 1 : 0)) };
    }
    const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
    for (let ten = first; ten <= last; ten += 1) {
      for (const each of last - first > 3 ? [1] : [1, 2, 5]) found.push(each * 10 ** ten);
    }
    return { found: found.filter((loss) => loss >= low * 0.9999 && loss <= high * 1.0001), digits: null };
  }

  x(epoch) {
    const { planned } = this.data;
    const room = this.width - LEFT - RIGHT;
    return LEFT + (room * (epoch - 0.5)) / planned;
  }

  y(loss) {
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - between(-0.02, this.share(loss), 1.02));
  }

  draw() {
    if (!this.width || !this.data) return;
    const { data, chart } = this;
    const { say, colours, planned, language } = data;
    const { high } = (this.shown = this.axis);
    const [left, right, bottom] = [LEFT, this.width - RIGHT, HEIGHT - BOTTOM];
    const parts = [make("text", { x: left, y: 14, class: "tp-predict-title" }, say.loss)];
    const { found, digits } = this.levels();
    for (const loss of found) {
      const y = this.y(loss);
      parts.push(make("line", { x1: left, x2: right, y1: y, y2: y, class: "tp-predict-grid" }));
      const form = digits === null ? { maximumSignificantDigits: 3 } : { minimumFractionDigits: digits, maximumFractionDigits: digits };
      parts.push(make("text", { x: left - 8, y: y + 4, "text-anchor": "end" }, loss.toLocaleString(language, form)));
    }
    const apart = APART.find((each) => planned / each <= this.width / 60) ?? planned;
    const marked = apart === 1 ? [] : [1];
    for (let epoch = apart; epoch <= planned; epoch += apart) marked.push(epoch);
    for (const epoch of marked) {
      parts.push(make("text", { x: this.x(epoch), y: bottom + 16, "text-anchor": "middle" }, epoch));
    }
    parts.push(make("text", { x: right, y: 14, "text-anchor": "end" }, say.epoch_axis));

    const line = this.losses.map((loss, at) => (Number.isFinite(loss) && loss <= high ? [this.x(at + 1), this.y(loss)] : null));
    const runs = [[]];
    for (const point of line) {
      if (point) runs[runs.length - 1].push(point);
      else if (runs[runs.length - 1].length) runs.push([]);
    }
    const colour = colours.training;
    for (const some of runs.filter((one) => one.length)) {
      parts.push(make("polyline", { points: some.map((point) => point.join(",")).join(" "), class: "tp-predict-line", stroke: colour }));
    }
    const there = line.filter(Boolean);
    if (there.length) {
      if (there.length <= 60) parts.push(...there.map(([x, y]) => make("circle", { cx: x, cy: y, r: 3, fill: colour })));
      const [x, y] = there[there.length - 1];
      const end = x > this.width * 0.6;
      parts.push(make("text", { x, y: Math.max(y - 10, TOP + 12), "text-anchor": end ? "end" : "start", class: "tp-predict-name" }, say.training));
    }
    // Where the training's own curve leaves the axis, as on all axes of losses.
    this.losses.forEach((loss, at) => {
      if (!(loss > high)) return;
      const mark = make("path", { d: `M${this.x(at + 1) - 6} ${TOP + 11}h12l-6 -10Z`, fill: colour, class: "tp-predict-beyond" });
      mark.append(make("title", {}, `${at + 1}: ${loss.toLocaleString(language, { maximumFractionDigits: 4 })}`));
      parts.push(mark);
    });
    const cut = this.losses.findLastIndex((loss) => loss > high) + 1;
    this.part("cut").textContent = cut ? fill(say.cut, { epoch: cut }) : "";
    parts.push(this.sketched());
    if (this.epoch !== null) {
      const x = this.x(this.epoch);
      const end = this.epoch > planned * 0.55;
      parts.push(
        make("line", { x1: x, x2: x, y1: TOP, y2: bottom, class: "tp-predict-guess", stroke: colours.prediction }),
        make(
          "text",
          { x: end ? x - 6 : x + 6, y: TOP + 12, "text-anchor": end ? "end" : "start" },
          say.here.replace("{epoch}", this.epoch),
        ),
      );
    }
    chart.replaceChildren(...parts);
    const place = { left, top: TOP, width: Math.max(0, right - left), height: bottom - TOP };
    for (const [key, value] of Object.entries(place)) this.plot.style[key] = `${value}px`;
    chart.setAttribute("viewBox", `0 0 ${this.width} ${HEIGHT}`);
    chart.setAttribute("aria-label", say.chart);

    this.part("hint").hidden = this.epoch !== null || !this.isEmpty;
    this.part("undo").disabled = !this.before.length;
    this.part("clear").disabled = this.isEmpty;
    const [first, last] = [this.x(1), this.x(planned)];
    this.mark.style.left = `${first - THUMB / 2}px`;
    this.mark.style.width = `${last - first + THUMB}px`;
    this.mark.dataset.unset = this.epoch === null;
    this.mark.value = this.epoch ?? Math.ceil(planned / 2);
    this.mark.setAttribute("aria-valuetext", this.epoch === null ? say.unset : say.here.replace("{epoch}", this.epoch));
    this.root.dataset.epoch = this.epoch ?? "";
    this.root.dataset.points = this.sketch.filter((loss) => loss !== null).length;
  }

  sketched() {
    const paths = [];
    let open = false;
    this.sketch.forEach((loss, at) => {
      if (loss === null) open = false;
      else {
        const point = `${this.x(this.epochAt(at)).toFixed(1)} ${this.y(loss).toFixed(1)}`;
        paths.push(`${open ? "L" : "M"}${point}`);
        open = true;
      }
    });
    return make("path", { d: paths.join(""), class: "tp-predict-sketch", stroke: this.data.colours.prediction });
  }

  // The hand: a press marks an epoch, a line is a sketch. One pointer at a time.

  listen(plot) {
    plot.addEventListener("pointerdown", (event) => {
      if (this.stroke || (event.pointerType === "mouse" && event.button !== 0)) return;
      plot.setPointerCapture(event.pointerId);
      this.stroke = { pointer: event.pointerId, from: this.at(event), last: null, before: [...this.sketch] };
      event.preventDefault();
    });
    plot.addEventListener("pointermove", (event) => {
      const { stroke } = this;
      if (stroke?.pointer !== event.pointerId) return;
      for (const each of event.getCoalescedEvents?.() ?? [event]) this.extend(this.at(each));
      this.draw();
    });
    const end = (event) => {
      const { stroke } = this;
      if (stroke?.pointer !== event.pointerId) return;
      this.stroke = null;
      if (event.type === "pointercancel") this.sketch = stroke.before;
      else if (stroke.last === null) this.choose(this.epochOf(stroke.from[0]));
      else this.before.push(stroke.before);
      this.draw();
      if (event.type !== "pointercancel") this.tell();
    };
    plot.addEventListener("pointerup", end);
    plot.addEventListener("pointercancel", end);
  }

  at(event) {
    const box = this.chart.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  epochOf(x) {
    return 0.5 + ((x - LEFT) * this.data.planned) / (this.width - LEFT - RIGHT);
  }

  // Each place from the last point to this one gets the loss of the straight line between them.
  extend([x, y]) {
    const { stroke } = this;
    const [fromX, fromY] = stroke.last ?? stroke.from;
    if (!stroke.last && Math.hypot(x - fromX, y - fromY) < STILL) return;
    stroke.last = [x, y];
    const place = (pixel) =>
      this.data.planned === 1 ? 0 : between(0, ((this.epochOf(pixel) - 1) * (POINTS - 1)) / (this.data.planned - 1), POINTS - 1);
    const loss = (pixel) => this.lossAt(between(0, 1 - (pixel - TOP) / (HEIGHT - TOP - BOTTOM), 1));
    const [a, b] = [place(fromX), place(x)];
    for (let at = Math.ceil(Math.min(a, b) - 0.5); at <= Math.max(a, b) + 0.5; at += 1) {
      if (at < 0 || at >= POINTS) continue;
      const share = a === b ? 1 : between(0, (at - a) / (b - a), 1);
      this.sketch[at] = Number(loss(fromY + share * (y - fromY)).toPrecision(4));
    }
  }
}

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const root = parentElement.querySelector(".tp-predict");
  root.prediction ??= new Prediction(root);
  root.prediction.update(data, setStateValue);
  return () => {
    root.prediction?.leave();
    root.prediction = null;
  };
}
