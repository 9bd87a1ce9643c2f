// Says what the row and the column of a cell tell, of a matrix that Plotly draws above. The cell is the one the pointer
// is on, or the one gone to by arrow keys; it is framed over the chart.
// data: { rows, columns, labels, chart, at, words } from reader_data() in __init__.py.

const WAIT = 300; // milliseconds between two looks for the chart
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

class MatrixReader {
  constructor(root) {
    this.root = root;
    this.cell = null;
    root.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("focus", () => this.cell || this.go([0, 0]));
    // The chart is another element of the page, which comes anew whenever its figure changes.
    this.over = (event) => {
      if (this.data.chart && event.target.closest?.(`.st-key-${this.data.chart}`)) this.listen();
    };
    document.addEventListener("pointerover", this.over, true);
    this.resized = new ResizeObserver(() => this.mark());
    this.resized.observe(root);
  }

  get chart() {
    return this.data.chart && document.querySelector(`.st-key-${this.data.chart} .js-plotly-plot`);
  }

  show(data) {
    const same = this.data && JSON.stringify(this.data.labels) === JSON.stringify(data.labels);
    if (!same) this.cell = null;
    const chosen = JSON.stringify(data.at) !== JSON.stringify(this.data?.at);
    this.data = data;
    if (data.at && chosen) this.cell = data.at;
    if (!this.cell && this.root.matches(":focus")) this.cell = [0, 0]; // gone to before anybody listened
    this.root.setAttribute("aria-label", data.words.name);
    this.root.querySelector(".tp-reader-hint").textContent = data.words.hint;
    this.say();
    this.mark();
  }

  listen() {
    const { chart } = this;
    if (!chart || chart === this.heard || !chart.on) return;
    this.heard = chart;
    const follow = ({ points }) => {
      const cell = points.map((point) => this.cellOf(point)).find(Boolean);
      if (cell) this.go(cell);
    };
    chart.on("plotly_hover", follow);
    chart.on("plotly_click", follow); // a finger does not hover
  }

  // A cell by its two places: of one that can be pressed by its labels, else by where it is in the heatmap.
  cellOf(point) {
    const told = point.customdata;
    const places = Array.isArray(point.pointNumber)
      ? point.pointNumber
      : (told ?? []).slice(0, 2).map((label) => this.data.labels.indexOf(Number(label)));
    const { length } = this.data.labels;
    return places.length === 2 && places.every((place) => place >= 0 && place < length) ? places : null;
  }

  key(event) {
    const step = STEPS[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const last = this.data.labels.length - 1;
    const from = this.cell ?? [0, 0];
    this.go(from.map((place, axis) => Math.min(Math.max(place + step[axis], 0), last)));
  }

  go(cell) {
    if (this.cell && cell.every((place, axis) => place === this.cell[axis])) return;
    this.cell = cell;
    this.say();
    this.mark();
  }

  say() {
    const { rows, columns, words } = this.data;
    const parts = [];
    if (this.cell) {
      parts.push([words.row, rows[this.cell[0]]]);
      if (columns.length) parts.push([words.column, columns[this.cell[1]]]);
    }
    const lines = parts.map(([name, sentence]) => {
      const line = document.createElement("p");
      const head = document.createElement("b");
      head.textContent = `${name} `;
      line.append(head, sentence);
      return line;
    });
    const said = this.root.querySelector(".tp-reader-said");
    if (said.textContent !== lines.map((line) => line.textContent).join("")) said.replaceChildren(...lines);
  }

  // Frames around the row, the column and the cell, laid over the chart; looked at again, for the chart may come after
  // its reader, be hidden, or move and be zoomed without another size.
  mark() {
    clearTimeout(this.timer);
    if (this.cell && this.data.chart) this.timer = setTimeout(() => this.mark(), WAIT);
    const marks = this.root.querySelector(".tp-reader-marks");
    const { chart } = this;
    const layout = chart && chart._fullLayout;
    const there = chart && chart.getBoundingClientRect();
    if (!this.cell || !there?.width || !layout?.xaxis || !layout.yaxis || !chart.querySelector(".cartesianlayer .xy")) {
      marks.replaceChildren();
      return;
    }
    if (chart !== this.watched) {
      if (this.watched) this.resized.unobserve(this.watched);
      this.watched = chart;
      this.resized.observe(chart);
    }
    const { xaxis, yaxis } = layout;
    const home = this.root.getBoundingClientRect();
    const [left, top] = [there.left - home.left - this.root.clientLeft, there.top - home.top - this.root.clientTop];
    const clip = (value, length) => Math.min(Math.max(value, 0), length);
    const x = (place) => left + xaxis._offset + clip(xaxis.l2p(place), xaxis._length);
    const y = (place) => top + yaxis._offset + clip(yaxis.l2p(place), yaxis._length);
    const frame = (from, to, name) => {
      const [width, height] = [x(to[0]) - x(from[0]), y(to[1]) - y(from[1])];
      if (width < 1 || height < 1) return []; // zoomed away
      const place = { left: x(from[0]), top: y(from[1]), width, height };
      return [{ name, place: Object.entries(place).map(([side, pixels]) => [side, `${pixels}px`]) }];
    };
    const [row, column] = this.cell;
    const [low, high] = [-0.5, this.data.labels.length - 0.5];
    const frames = [
      ...frame([low, row - 0.5], [high, row + 0.5], "tp-reader-line"),
      ...(this.data.columns.length ? frame([column - 0.5, low], [column + 0.5, high], "tp-reader-line") : []),
      ...frame([column - 0.5, row - 0.5], [column + 0.5, row + 0.5], ""),
    ];
    const told = JSON.stringify(frames);
    if (told === this.framed && marks.firstChild) return;
    this.framed = told;
    marks.replaceChildren(
      ...frames.map(({ name, place }) => {
        const one = document.createElement("div");
        one.className = `tp-reader-mark ${name}`;
        Object.assign(one.style, Object.fromEntries(place));
        return one;
      }),
    );
  }

  leave() {
    clearTimeout(this.timer);
    document.removeEventListener("pointerover", this.over, true);
    this.resized.disconnect();
  }
}

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".tp-reader");
  root.reader ??= new MatrixReader(root);
  root.reader.show(data);
  return () => {
    root.reader?.leave();
    root.reader = null;
  };
}
