// What all seats have found together: three charts that stay where they are while their numbers change.

const LEAST_EPOCHS = 10; // an axis shorter than that makes one bar of the whole chart

class Pooled {
  constructor(root) {
    this.root = root;
    this.parts = {};
    this.width = 0;
    this.sizes = new ResizeObserver(([entry]) => {
      const width = Math.round(entry.contentRect.width);
      if (!width || width === this.width) return;
      this.width = width;
      this.drawn = {};
      if (this.board) this.show(this.data, this.board, this.theme);
    });
    this.sizes.observe(root);
  }

  show(data, board, theme) {
    const themed = JSON.stringify([theme, data.words.charts]);
    if (themed !== this.themed) this.drawn = {};
    Object.assign(this, { data, board, theme, themed });
    for (const name of ["turned", "points", "guesses"]) this.part(name);
  }

  part(name) {
    let part = this.parts[name];
    if (!part) {
      const section = document.createElement("section");
      section.className = `tp-pooled tp-pooled-${name}`;
      section.append(document.createElement("h3"), document.createElement("p"), document.createElement("div"));
      const [title, said, chart] = section.children;
      chart.className = "tp-pooled-chart";
      chart.setAttribute("role", "figure"); // no "img": its toolbar has buttons
      this.root.append(section);
      part = this.parts[name] = { title, said, chart };
    }
    const words = this.data.words.charts[name];
    part.title.textContent = words.title;
    part.said.textContent = this[`say_${name}`](words);
    const values = this.board[name];
    part.chart.hidden = values.length === 0;
    part.chart.setAttribute("aria-label", `${words.title} ${part.said.textContent}`);
    const now = JSON.stringify([values, this.width]);
    if (values.length && this.drawn[name] !== now) {
      this.drawn[name] = now;
      this.draw(part.chart, this[`figure_${name}`](words, values), name);
    }
  }

  say_turned(words) {
    const turned = this.board.turned.reduce((sum, [, seats]) => sum + seats, 0);
    const { not_reached, covered } = this.board;
    if (!turned && !not_reached && !covered) return words.none;
    const said = [fill(words.said, { turned, not_reached })];
    if (covered) said.push(fill(words.covered, { covered }));
    return said.join(" ");
  }

  say_points(words) {
    const { points, sealed } = this.board;
    if (!points.length && !sealed) return words.none;
    const said = points.length ? [fill(words.said, { number: points.length })] : [];
    if (sealed) said.push(fill(words.sealed, { sealed }));
    return said.join(" ");
  }

  say_guesses(words) {
    const { guesses, guessed, shown } = this.board;
    if (!guessed) return words.none;
    if (!shown.guesses) return fill(words.hidden, { guessed });
    const off = guesses.map(([predicted, truth]) => Math.abs(predicted - truth)).sort((one, other) => one - other);
    const middle = off.length % 2 ? off[(off.length - 1) / 2] : (off[off.length / 2 - 1] + off[off.length / 2]) / 2;
    return fill(words.said, { guessed, off: middle });
  }

  async draw(chart, { traces, layout }, name) {
    try {
      const plotly = (shared.drawn = await loadPlotly(this.data.plotly));
      if (this.gone) return;
      await plotly.react(chart, traces, layout, { ...this.data.config, displayModeBar: "hover" });
      chart.dataset.drawn = name;
    } catch {
      this.drawn[name] = null; // at the next change once more
    }
  }

  layout(x, y) {
    const { text, back, line, font } = this.theme;
    const axis = {
      automargin: true, zeroline: false, gridcolor: line, linecolor: line, tickcolor: line, fixedrange: true,
    };
    return {
      paper_bgcolor: back, plot_bgcolor: back, font: { color: text, family: font, size: this.data.presented ? 24 : 14 },
      margin: { l: 8, r: 12, t: 12, b: 8 }, showlegend: false, dragmode: false, hovermode: "closest",
      uirevision: "class", autosize: true, bargap: 0.15,
      xaxis: { ...axis, ...x, title: { text: x.title } }, yaxis: { ...axis, ...y, title: { text: y.title } },
    };
  }

  figure_turned(words, turned) {
    const last = Math.max(LEAST_EPOCHS, ...turned.map(([epoch]) => epoch));
    return {
      traces: [{
        type: "bar", x: turned.map(([epoch]) => epoch), y: turned.map(([, seats]) => seats),
        marker: { color: this.data.colours.turning_point }, hovertemplate: `${words.hover}<extra></extra>`,
      }],
      layout: this.layout(
        { title: words.x, range: [0.4, last + 0.6], tickformat: "d" },
        { title: words.y, rangemode: "tozero", tickformat: "d", ...this.whole(turned.map(([, seats]) => seats)) },
      ),
    };
  }

  figure_points(words, points) {
    return {
      traces: [{
        type: "scatter", mode: "markers", x: points.map(([parameters]) => parameters), y: points.map(([, right]) => right),
        marker: { color: this.data.colours.training, size: 11, opacity: 0.7 },
        hovertemplate: `${words.hover}<extra></extra>`, cliponaxis: false,
      }],
      layout: this.layout({ title: words.x, type: "log", ...this.sizes10(points.map(([size]) => size)) }, { title: words.y, tickformat: ".0%", range: this.shares(points.map(([, right]) => right)) }),
    };
  }

  figure_guesses(words, guesses) {
    const last = Math.max(LEAST_EPOCHS, ...guesses.flat()) + 0.6;
    const axis = { range: [0.4, last], tickformat: "d" };
    return {
      traces: [
        {
          type: "scatter", mode: "lines", x: [0.4, last], y: [0.4, last], hoverinfo: "skip",
          line: { color: this.data.colours.quiet, width: 1.5, dash: "dot" },
        },
        {
          type: "scatter", mode: "markers", x: guesses.map(([, truth]) => truth), y: guesses.map(([said]) => said),
          marker: { color: this.data.colours.prediction, size: 11, opacity: 0.6 },
          hovertemplate: `${words.hover}<extra></extra>`,
        },
      ],
      layout: this.layout({ title: words.x, ...axis }, { title: words.y, ...axis }),
    };
  }

  // At least a tenth from top to bottom, so that equal results do not look far apart.
  shares(values) {
    const low = Math.min(...values), high = Math.max(...values);
    const room = Math.max(0.02, 0.1 * (high - low), (0.1 - (high - low)) / 2);
    return [Math.max(0, low - room), Math.min(1, high + room)];
  }

  // Ticks at 1, 2 and 5 of each power of ten, written out: Plotly's own name digits without their power.
  sizes10(sizes) {
    const low = Math.log10(Math.min(...sizes) / 1.3), high = Math.log10(Math.max(...sizes) * 1.3);
    const tickvals = [];
    for (let power = Math.floor(low); power <= Math.ceil(high); power += 1) {
      for (const digit of high - low > 2.5 ? [1] : [1, 2, 5]) tickvals.push(digit * 10 ** power);
    }
    const short = new Intl.NumberFormat(this.data.language, { notation: "compact" });
    return { range: [low, high], tickvals, ticktext: tickvals.map((value) => short.format(value)) };
  }

  // Seats are whole; an axis up to two would have halves.
  whole(seats) {
    return Math.max(...seats) < 6 ? { dtick: 1 } : {};
  }

  leave() {
    this.gone = true;
    this.sizes.disconnect();
    for (const { chart } of Object.values(this.parts)) if (chart._fullLayout) shared.drawn?.purge(chart);
  }
}
