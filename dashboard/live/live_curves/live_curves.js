// Curves of a run that is still learning, drawn into one Plotly chart that stays where it is: the page's
// script does not run again for an update, so zoom, legend and hover are the reader's own.
//
// data: { run, words, plotly, config, colours, validation, scale, language } from live_data() in __init__.py;
// `run` is the same JSON that api/runs/ID answers; `screen` { font, height } in pixels is there in a presentation.

const POLL = 400; // ms between an answer and the next question; an epoch is drawn within 0.7 s
const SLOWEST = 5000; // ms, while the server does not answer
const MOST_ANNOUNCEMENTS = 6;
const SAY_EVERY = 4000; // ms between two sentences for screen readers
const STACKED_BELOW = 720; // px of width
const SILENT = 20; // seconds without a sign of life, of which there is one every five
const LONG = 2; // seconds in one phase before they are counted
const STILL = 60; // seconds without progress, of which there is some every second of a training
const MARKERS_UP_TO = 60; // epochs; with more, markers would be a thick line
const FONT = 12.5; // px of the writing in the chart
const THICKEST = 1.8; // times the usual width of lines in a presentation
const GAP = 6; // px between a line and what is written beside it
const SPARE = 8; // px: its padding, and what Plotly sets wider than a canvas measures
const MARK = 0.05; // of the height of a chart: how far marks of two curves in one epoch stand apart
const ORDER = ["queued", "running", "stopping", "finished", "stopped", "failed", "interrupted", "missing"];

// Pixels at the sides for the usual numbers and the title below. Where there is too little Plotly makes more of it, and
// draws everything a second time.
const roomAtSides = (stacked, large) => ({ l: (stacked ? 54 : 44) * large, r: 16 * large, t: 44 * large, b: 53 * large });

// From where to where each of the two charts reaches, of the width.
const domains = (stacked) => (stacked ? [[0, 1], [0, 1]] : [[0, 0.465], [0.535, 1]]);

let ruler;
const widthOf = (written, size, font) => {
  ruler ??= document.createElement("canvas").getContext("2d");
  ruler.font = `${size}px ${font}`;
  return ruler.measureText(written).width;
};

const same = (one, other) => one?.length === 2 && one.every((end, at) => Math.abs(end - other[at]) < 1e-9);

const isOver = (state) => ORDER.indexOf(state) > 2;

class LiveCurves {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`.tp-live-${name}`);
    this.chart = this.part("chart");
    this.id = null;
    this.failures = 0;
    this.trouble = null; // why the server has no answer, if it says so
    this.saidAt = 0;
    this.saidEpoch = 0;
    this.width = 0;
    this.replay = new Replay(this);
    this.onVisible = () => {
      if (!document.hidden) this.poll();
    };
    document.addEventListener("visibilitychange", this.onVisible);
    this.sizes = new ResizeObserver(([entry]) => {
      const width = Math.round(entry.contentRect.width);
      if (width && width !== this.width) {
        this.width = width;
        this.draw();
      }
    });
    this.sizes.observe(root);
  }

  // The page's script ran, or the theme changed.
  show(data, over, chosen) {
    this.data = data;
    this.over = over;
    this.chosen = chosen;
    if (data.scale !== this.given) this.scale = this.given = data.scale;
    // Once a cover is lifted, the epochs come again with all that they show.
    if (data.run.id !== this.id || data.run.covered !== this.run.covered) {
      this.quiet();
      this.replay.offer(null);
      this.id = data.run.id;
      (shared.curves ??= new Map()).set(this.id, this);
      this.run = { ...data.run, epochs: [] };
      this.failures = 0;
      this.trouble = null;
      this.saidEpoch = 0;
      this.announcements = 0;
      this.ends = null;
    }
    this.root.toggleAttribute("data-hidden", data.hidden); // where one predicts, it is drawn there
    this.offerScales();
    this.replay.putAside();
    this.take(data.run);
    this.replay.offer(data.replay);
    this.theme = themeOf(this.root);
    this.draw();
    if (isOver(data.run.state)) this.quiet();
    else if (!this.timer && !this.asking) this.poll();
  }

  leave() {
    this.quiet();
    this.replay.pause();
    this.gone = true;
    if (shared.curves?.get(this.id) === this) shared.curves.delete(this.id);
    document.removeEventListener("visibilitychange", this.onVisible);
    this.sizes.disconnect();
    if (this.chart._fullLayout) shared.drawn?.purge(this.chart);
  }

  quiet() {
    clearTimeout(this.timer);
    this.timer = null;
    this.asking?.abort();
    this.asking = null;
  }

  // A run only moves forward, whichever of the page and the poll was quicker.
  take(run) {
    const known = this.run.epochs;
    const last = known.length ? known[known.length - 1].number : 0;
    const epochs = known.concat(run.epochs.filter((epoch) => epoch.number > last));
    const told = run.epochs[run.epochs.length - 1]?.number ?? last;
    if (ORDER.indexOf(run.state) < ORDER.indexOf(this.run.state)) run = this.run;
    if (run.epochs.length === 0 && run.turning_point === undefined) run = { ...this.run, state: run.state };
    const { turning_point, loss_axes, prediction_axes } = told < last ? this.run : run;
    this.run = { ...run, turning_point, loss_axes, prediction_axes, epochs };
    this.tell();
    // Whoever predicts on the same page goes by the training's own curve.
    const losses = epochs.map((epoch) => epoch.loss);
    const detail = { id: this.id, losses, axes: prediction_axes };
    document.dispatchEvent(new CustomEvent("turning-point-run", { detail }));
    return epochs.length > known.length;
  }

  async poll() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.replay.active) return undefined;
    if (this.gone || this.asking || document.hidden || isOver(this.run.state)) return this.announce();
    const asking = (this.asking = new AbortController());
    const since = this.run.epochs.length;
    const turned = JSON.stringify(this.run.turning_point);
    try {
      const answer = await fetch(serverUrl(`api/runs/${encodeURIComponent(this.id)}?since=${since}`), {
        signal: asking.signal,
        cache: "no-store",
      });
      // A server that does not know the address answers with the page itself.
      const json = answer.headers.get("content-type")?.includes("application/json");
      const run = json ? await answer.json() : null;
      if (this.asking !== asking) return undefined;
      this.trouble = answer.status === 503 ? (run?.error ?? null) : null;
      if (!answer.ok || !run) throw new Error(`status ${answer.status}`);
      this.failures = 0;
      if (run.covered !== undefined && run.covered !== this.run.covered) {
        // Predicted or shown in another window: the page's script brings all of it.
        this.asking = null;
        this.timer = setTimeout(() => this.poll(), SLOWEST);
        return this.over("revealed");
      }
      const grown = this.take({ epochs: [], ...run });
      if (grown || turned !== JSON.stringify(this.run.turning_point)) this.draw();
    } catch (error) {
      if (this.asking !== asking) return undefined;
      this.failures += 1;
      this.tell();
    }
    this.asking = null;
    if (isOver(this.run.state)) return this.announce();
    this.timer = setTimeout(() => this.poll(), Math.min(SLOWEST, POLL * 2 ** Math.min(this.failures, 4)));
    return undefined;
  }

  // Tell the page's script that the run is over. While a server comes back, its websocket may come later than
  // our poll and the word be lost: it is said again until the script has answered with a run that is over.
  announce() {
    if (this.gone || !isOver(this.run.state) || isOver(this.data.run.state)) return;
    if (this.announcements >= MOST_ANNOUNCEMENTS) return;
    this.announcements += 1;
    this.over(this.run.state);
    this.timer = setTimeout(() => this.announce(), 1000 * 2 ** this.announcements);
  }

  number(value, digits) {
    return value.toLocaleString(this.data.language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }

  percent(value) {
    return value.toLocaleString(this.data.language, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
  }

  duration(seconds) {
    const { words } = this.data;
    const s = Math.max(0, Math.round(seconds));
    if (s < 60) return fill(words.seconds, { s: Math.max(1, s) });
    if (s < 3600) return fill(words.minutes, { m: Math.floor(s / 60), s: s % 60 });
    return fill(words.hours, { h: Math.floor(s / 3600), m: Math.floor((s % 3600) / 60) });
  }

  // No finer than an estimate is, and never less than it.
  wait(seconds) {
    const step = seconds < 60 ? 5 : 30;
    return step * Math.max(1, Math.ceil(seconds / step));
  }

  // The line above the chart, in words.
  tell() {
    const { run } = this;
    const { words } = this.data;
    const progress = run.progress;
    const done = run.epochs.length;
    const planned = run.epochs_planned;
    this.root.dataset.state = run.state;
    this.part("word").textContent = words.states[run.state] ?? "";
    this.part("note").textContent = this.note();

    const numbers = [];
    if (done || (progress && progress.phase === "training")) {
      const epoch = Math.min(planned, Math.max(done, progress?.phase === "training" ? progress.epoch : 0));
      numbers.push([words.epoch, fill(words.of, { a: epoch, b: planned })]);
      if (!isOver(run.state) && progress?.phase === "training" && progress.batches) {
        numbers.push([words.batch, fill(words.of, { a: progress.batch, b: progress.batches })]);
      }
      const last = run.epochs[done - 1];
      const loss = progress?.loss ?? last?.loss;
      if (!isOver(run.state) && Number.isFinite(loss)) numbers.push([words.loss_now, this.number(loss, 4)]);
      if (!isOver(run.state) && Number.isFinite(progress?.eta_seconds) && !this.standstill()) {
        numbers.push([words.left, this.duration(progress.eta_seconds)]);
      }
    }
    const list = this.part("numbers");
    while (list.children.length > numbers.length) list.lastChild.remove();
    numbers.forEach(([name, value], index) => {
      let row = list.children[index];
      if (!row) {
        row = document.createElement("div");
        row.append(document.createElement("dt"), document.createElement("dd"));
        list.append(row);
      }
      if (row.firstChild.textContent !== name) row.firstChild.textContent = name;
      if (row.lastChild.textContent !== value) row.lastChild.textContent = value;
    });

    const inside = progress?.phase === "training" && progress.epoch > done && progress.batches
      ? progress.batch / progress.batches
      : 0;
    const share = Math.min(100, (100 * (done + inside)) / planned);
    const bar = this.part("bar");
    this.part("done").style.width = `${share.toFixed(1)}%`;
    bar.classList.toggle("tp-live-over", isOver(run.state));
    const waits = this.waits();
    bar.classList.toggle("tp-live-waits", waits);
    if (waits) bar.removeAttribute("aria-valuenow");
    else bar.setAttribute("aria-valuenow", share.toFixed(0));
    bar.setAttribute("aria-label", words.progress);

    const cut = this.lossAxis()?.cut;
    const why = cut ? fill(words.cut, { epoch: cut }) : "";
    if (this.part("cut").textContent !== why) this.part("cut").textContent = why;
    this.chart.setAttribute("aria-label", [words.chart, why, this.summary()].filter(Boolean).join(" "));
    // Screen readers hear the latest epoch, not each of many in a second.
    const now = Date.now();
    if (done > this.saidEpoch && (now - this.saidAt > SAY_EVERY || isOver(run.state))) {
      this.saidAt = now;
      this.saidEpoch = done;
      this.part("said").textContent = this.summary();
    }
  }

  // The axis of losses as worked out for the epochs so far; null before the first one.
  lossAxis() {
    return this.run.epochs.length ? (this.run.loss_axes?.[this.scale] ?? null) : null;
  }

  offerScales() {
    const { words } = this.data;
    offerScales(this.part("scale"), words.scale, words.scales, this.scale, `tp-live-scale-${this.id}`, (scale) => {
      this.scale = this.given = scale;
      this.tell();
      this.draw();
      this.chosen(scale);
    });
  }

  // Why nothing new comes, or "": what has stood still for long says nothing about how long the rest takes.
  standstill() {
    const { words } = this.data;
    const { state, silent, still } = this.run;
    if (words.troubles[this.run.trouble]) return words.troubles[this.run.trouble];
    if (this.failures && words.troubles[this.trouble]) return words.troubles[this.trouble];
    if (this.failures > 1) return words.no_answer;
    if (state !== "running" && state !== "stopping") return ""; // signs of life need no scheduler
    if (silent >= SILENT) return fill(words.no_sign_of_life, { time: this.duration(silent) });
    if (still >= STILL) return fill(words.no_progress, { time: this.duration(still) });
    return "";
  }

  // Whether something is done of which nobody knows how far it is.
  waits() {
    const { state, progress } = this.run;
    return state === "running" && !this.standstill() && progress?.phase !== "training";
  }

  note() {
    const { words } = this.data;
    const why = this.standstill();
    if (why) return why;
    switch (this.run.state) {
      case "queued":
        return [
          this.run.position ? fill(words.position, { position: this.run.position }) : "",
          Number.isFinite(this.run.starts_in)
            ? fill(words.starts, { time: this.duration(this.wait(this.run.starts_in)) })
            : "",
          words.engine[this.run.engine] ?? "",
          this.run.shared ? words.shared : "",
        ].filter(Boolean).join(" · ");
      case "running":
        if (this.run.engine === "no_scheduler") return words.scheduler_away;
        // There is no phase for "training": the state says it.
        return [
          words.phases[this.run.progress?.phase ?? "preparing"] ?? (this.run.shared ? words.shared : ""),
          this.waits() && this.run.still >= LONG ? fill(words.since, { s: Math.floor(this.run.still) }) : "",
        ].filter(Boolean).join(" · ");
      case "stopping":
        return words.stopping;
      case "replay":
        return "";
      default:
        return words.ended;
    }
  }

  summary() {
    const last = this.run.epochs[this.run.epochs.length - 1];
    if (!last) return "";
    const { words } = this.data;
    const value = (number, text) => (Number.isFinite(number) ? text(number) : "–");
    return fill(Number.isFinite(last.val_loss) ? words.said_validation : words.said, {
      epoch: last.number,
      epochs: this.run.epochs_planned,
      loss: value(last.loss, (n) => this.number(n, 4)),
      accuracy: value(last.accuracy, (n) => this.percent(n)),
      val_loss: value(last.val_loss, (n) => this.number(n, 4)),
      val_accuracy: value(last.val_accuracy, (n) => this.percent(n)),
    });
  }

  // Draw at most once a frame, and not under the reader's hand.
  draw() {
    if (this.drawing || this.gone || !this.theme || !this.width || this.data.hidden) return;
    this.drawing = true;
    requestAnimationFrame(async () => {
      try {
        const plotly = (shared.drawn = await loadPlotly(this.data.plotly));
        this.drawing = false;
        if (this.gone) return;
        if (this.chart._dragging) {
          setTimeout(() => this.draw(), 200);
          return;
        }
        const stacked = this.width < STACKED_BELOW;
        this.chart.classList.toggle("tp-live-stacked", stacked);
        await plotly.react(this.chart, this.traces(), this.layout(stacked), {
          ...this.data.config,
          displayModeBar: stacked ? false : "hover", // where there is no room, fingers zoom by themselves
        });
        this.chart.dataset.epochs = this.run.epochs.length;
      } catch (error) {
        this.drawing = false;
        if (!this.gone) this.part("note").textContent = this.data.words.no_chart;
      }
    });
  }

  // The curves as they go into a picture of so many pixels, in its own theme (`dashboard/shared/slide_pictures`).
  slide(theme, width, height) {
    const shown = [this.theme, this.width];
    [this.theme, this.width] = [theme, width];
    try {
      const layout = { ...this.layout(false), height };
      return { data: this.traces(), layout };
    } finally {
      [this.theme, this.width] = shown;
    }
  }

  // How many times as large as usual: 1, or in a presentation as large as its writing.
  large() {
    return this.data.screen ? this.data.screen.font / FONT : 1;
  }

  traces() {
    const { words, colours, validation } = this.data;
    const large = Math.min(this.large(), THICKEST);
    const { epochs, turning_point: turn } = this.run;
    const x = epochs.map((epoch) => epoch.number);
    const marked = epochs.length <= MARKERS_UP_TO;
    const curve = (field, panel, kind) => ({
      type: "scatter",
      mode: marked ? "lines+markers" : "lines",
      x,
      y: epochs.map((epoch) => epoch[field]),
      xaxis: panel === 1 ? "x" : "x2",
      yaxis: panel === 1 ? "y" : "y2",
      name: words[kind],
      uid: field,
      legendgroup: kind,
      showlegend: panel === 1,
      line: { color: colours[kind], width: 2 * large, dash: kind === "validation" ? "dash" : "solid" },
      marker: { symbol: kind === "validation" ? "diamond" : "circle", size: (kind === "validation" ? 7 : 6) * large },
      hovertemplate: panel === 1 ? "%{y:.4f}" : "%{y:.2%}",
    });
    const traces = [curve("loss", 1, "training"), curve("accuracy", 2, "training")];
    traces.push(this.edgeMarks("loss", "training", 0));
    if (validation) {
      traces.push(curve("val_loss", 1, "validation"), curve("val_accuracy", 2, "validation"));
      traces.push(this.edgeMarks("val_loss", "validation", 1));
      for (const [name, panel] of [["loss", 1], ["accuracy", 2]]) {
        const at = turn?.[name];
        traces.push({
          type: "scatter",
          mode: "markers",
          x: at ? [at.epoch] : [],
          y: at ? [at.value] : [],
          xaxis: panel === 1 ? "x" : "x2",
          yaxis: panel === 1 ? "y" : "y2",
          uid: `turn-${name}`,
          legendgroup: "validation",
          showlegend: false,
          hoverinfo: "skip",
          cliponaxis: false,
          marker: { symbol: "circle-open", size: 15 * large, color: colours.turning_point, line: { width: 2.5 * large } },
        });
      }
    }
    return traces;
  }

  // Where a curve leaves the axis it goes on outside: a triangle at the edge says so, the curve's own hover how far.
  edgeMarks(field, kind, row) {
    const axis = this.lossAxis();
    const beyond = axis
      ? this.run.epochs.filter(({ [field]: value }) => Number.isFinite(value) && (value > axis.high || value < axis.low))
      : [];
    const [bottom, top] = axis?.range ?? [0, 1];
    const down = row * MARK * (top - bottom);
    const at = (end) => (this.scale === "log" ? 10 ** end : end);
    return {
      type: "scatter",
      mode: "markers",
      x: beyond.map((epoch) => epoch.number),
      y: beyond.map((epoch) => at(epoch[field] > axis.high ? top - down : bottom + down)),
      uid: `edge-${field}`,
      legendgroup: kind,
      showlegend: false,
      hoverinfo: "skip",
      cliponaxis: false,
      marker: {
        symbol: beyond.map((epoch) => (epoch[field] > axis.high ? "triangle-up" : "triangle-down")),
        size: 11,
        color: this.data.colours[kind],
        line: { color: this.theme.back, width: 1 },
      },
    };
  }

  // Plotly keeps what the reader has zoomed to only as long as it is told the range of before.
  upward() {
    const given = this.lossAxis()?.range ?? [0, 1];
    const scale = this.lossAxis() ? this.scale : "linear";
    const shown = this.chart._fullLayout?.yaxis?.range;
    if (this.ends?.scale !== scale || same(shown, this.ends.range)) this.ends = { scale, range: given };
    return {
      type: scale,
      range: [...this.ends.range], // a copy: Plotly writes what the reader zooms to into it
      autorange: false,
      uirevision: `${this.id} ${scale}`,
      ...(scale === "log" ? { tickformat: "~g" } : {}),
    };
  }

  // What is written beside a line: on the side with more room, on the other where only that is wide enough, else up to
  // the chart's right edge, across the line.
  besideLine(epoch, written, stacked) {
    const large = this.large();
    const size = (large > 1 ? FONT : 12) * large;
    const { epochs, epochs_planned: planned } = this.run;
    const [from, to] = domains(stacked)[0];
    const { l, r } = roomAtSides(stacked, large);
    const across = (this.width - l - r) * (to - from);
    const last = Math.max(planned <= MARKERS_UP_TO ? planned : epochs.length, 2);
    const at = across * Math.min((epoch - 0.5) / last, 1);
    const needed = widthOf(written, size, this.theme.font) + GAP + SPARE;
    const room = { right: across - at, left: at };
    const sides = at > across * 0.55 ? ["left", "right"] : ["right", "left"];
    const side = sides.find((one) => room[one] >= needed);
    return {
      text: written, x: epoch, showarrow: false, bgcolor: this.theme.back, opacity: 0.92, borderpad: 2,
      font: { size, color: this.theme.text },
      xanchor: side === "right" ? "left" : "right",
      xshift: { right: GAP, left: -GAP }[side] ?? room.right,
    };
  }

  layout(stacked) {
    const { words, colours, screen } = this.data;
    const large = this.large();
    const { text, back, line, font } = this.theme;
    const { epochs, epochs_planned: planned, turning_point: turn } = this.run;
    const axis = { gridcolor: line, zerolinecolor: line, linecolor: line, automargin: true, fixedrange: false };
    // A range that stays the same from epoch to epoch is left alone by Plotly once the reader has zoomed.
    const across = {
      ...axis,
      ...(planned <= MARKERS_UP_TO ? { range: [0.5, planned + 0.5], autorange: false } : { autorange: true }),
      ...(planned <= 12 ? { dtick: 1 } : {}),
      tickformat: "~g",
      unifiedhovertitle: { text: `${words.epoch} %{x}` },
      title: { text: words.epoch, standoff: 8 },
    };
    const panels = stacked ? [[0.58, 1], [0, 0.42]] : [[0, 1], [0, 1]];
    const sides = domains(stacked);
    const heading = (panel, words_) => ({
      text: `<b>${words_}</b>`,
      xref: panel === 1 ? "x domain" : "x2 domain",
      yref: panel === 1 ? "y domain" : "y2 domain",
      x: 0,
      y: 1,
      xanchor: "left",
      yanchor: "bottom",
      yshift: 6,
      showarrow: false,
      font: { size: 14 * large },
    });
    const annotations = [heading(1, words.loss), heading(2, words.accuracy)];
    const shapes = [];
    if (!epochs.length) {
      annotations.push({
        text: words.no_epoch, xref: "x domain", yref: "y domain", x: 0.5, y: 0.5, showarrow: false, opacity: 0.7,
        bgcolor: back, borderpad: 6,
      });
    }
    for (const [name, panel] of [["loss", 1], ["accuracy", 2]]) {
      const at = turn?.[name];
      if (!at) continue;
      const suffix = panel === 1 ? "" : "2";
      shapes.push({
        type: "line", xref: `x${suffix}`, yref: `y${suffix} domain`, x0: at.epoch, x1: at.epoch, y0: 0, y1: 1,
        line: { color: colours.turning_point, width: 1.5 * Math.min(large, THICKEST), dash: at.confirmed ? "dash" : "dot" },
      });
      const extreme = name === "loss" ? "lowest_loss" : "highest_accuracy";
      const word = words[at.confirmed ? `turned_${name}` : isOver(this.run.state) ? extreme : `best_${name}`];
      annotations.push({
        ...this.besideLine(at.epoch, fill(word, { epoch: at.epoch }), stacked),
        xref: `x${suffix}`, yref: `y${suffix} domain`, y: panel === 1 ? 0.98 : 0.02,
        yanchor: panel === 1 ? "top" : "bottom",
      });
    }
    const predicted = this.run.prediction?.epoch;
    if (predicted) {
      shapes.push({
        type: "line", xref: "x", yref: "y domain", x0: predicted, x1: predicted, y0: 0, y1: 1,
        line: { color: colours.prediction, width: 2 },
      });
      annotations.push({
        ...this.besideLine(predicted, fill(words.predicted, { epoch: predicted }), stacked),
        xref: "x", yref: "y domain", y: 0.86, yanchor: "top",
      });
    }
    return {
      uirevision: this.id,
      width: this.width,
      height: screen?.height ?? (stacked ? 580 : 340),
      margin: { ...roomAtSides(stacked, large), pad: 2 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: font, size: FONT * large, color: text },
      hovermode: "x unified",
      hoverlabel: { bgcolor: back, bordercolor: line, font: { color: text, family: font } },
      dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom",
      // Beside the first heading: the toolbar appears at the right.
      legend: { orientation: "h", x: sides[0][1], xanchor: "right", y: 1, yanchor: "bottom", itemsizing: "trace" },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: line, activecolor: text },
      xaxis: { ...across, domain: sides[0], anchor: "y", title: stacked ? { text: "" } : across.title },
      xaxis2: { ...across, domain: sides[1], anchor: "y2", matches: "x" },
      yaxis: { ...axis, domain: panels[0], anchor: "x", ...this.upward() },
      yaxis2: { ...axis, domain: panels[1], anchor: "x2", tickformat: ".0%", ...(epochs.length ? { autorange: true } : { range: [0, 1], autorange: false }) },
      shapes,
      annotations,
    };
  }
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".tp-live");
  root.liveCurves ??= new LiveCurves(root);
  root.liveCurves.show(
    data,
    (state) => setTriggerValue("over", state),
    (scale) => setTriggerValue("scale", scale),
  );
  return () => {
    root.liveCurves?.leave();
    root.liveCurves = null;
  };
}
