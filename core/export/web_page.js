// Draws the charts of a page that stands in one file, in the reader's theme and in that of paper, and shows the
// components that it holds. Nothing is fetched: figures, data and the drawing library stand in the page.
"use strict";
const takenHome = (globalThis.takenHome = (() => {
  const setup = JSON.parse(document.getElementById("setup").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const charts = [...document.querySelectorAll("figure.chart")];
  const shown = [];
  const root = document.documentElement;
  let onPaper = false;

  const written = (element) => element.querySelector('script[type="application/json"]').textContent;
  const colour = (name) => getComputedStyle(root).getPropertyValue(`--st-${name}`).trim();
  const isDark = () => dark.matches && !onPaper;

  async function load() {
    const letters = atob(document.getElementById("library").textContent);
    const packed = new Uint8Array(letters.length);
    for (let at = 0; at < letters.length; at += 1) packed[at] = letters.charCodeAt(at); // `from` takes ten times as long
    const opened = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(opened).text();
    document.head.append(script);
    if (!globalThis.Plotly) throw new Error("plotly.js did not run");
    return globalThis.Plotly;
  }

  function template() {
    const line = colour("border-color");
    const axis = { gridcolor: line, zerolinecolor: line, linecolor: line };
    const text = { family: getComputedStyle(document.body).fontFamily, size: 12.5, color: colour("text-color") };
    const { xaxis, yaxis, ...layout } = setup.layout;
    return {
      layout: {
        ...layout,
        xaxis: { ...axis, ...xaxis },
        yaxis: { ...axis, ...yaxis },
        font: text,
        paper_bgcolor: "rgba(0,0,0,0)",
        plot_bgcolor: "rgba(0,0,0,0)",
        hoverlabel: { bgcolor: colour("background-color"), bordercolor: line, font: text },
        modebar: { bgcolor: "rgba(0,0,0,0)", color: line, activecolor: text.color },
      },
    };
  }

  function draw(chart, plotly) {
    let text = written(chart);
    if (isDark()) {
      for (const [light, other] of Object.entries(setup.dark)) text = text.replaceAll(`"${light}"`, `"${other}"`);
    }
    const { data, layout } = JSON.parse(text);
    plotly.react(chart.querySelector(".drawing"), data, { ...layout, template: template() }, {
      ...setup.config,
      responsive: true,
      toImageButtonOptions: { ...setup.config.toImageButtonOptions, filename: chart.dataset.name },
    });
  }

  const library = load();
  const wanted = new Set(charts);

  function drawOnce(chart, plotly) {
    if (!wanted.delete(chart)) return;
    draw(chart, plotly);
    root.dataset.drawn = charts.length - wanted.size;
  }

  // What comes near the reader is drawn, so that a long page opens at once; paper gets all of it.
  const near = new IntersectionObserver(
    async (seen) => {
      const plotly = await library;
      for (const { target, isIntersecting } of seen) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        await new Promise((next) => setTimeout(next)); // the page answers in between
        drawOnce(target, plotly);
      }
    },
    { rootMargin: "100% 0px" },
  );
  library.then(
    () => {
      root.dataset.drawn = 0;
      charts.forEach((chart) => near.observe(chart));
    },
    () => charts.forEach((chart) => (chart.querySelector(".drawing").textContent = setup.no_charts)),
  );

  // What stands still in the place of a component goes once that is drawn.
  function relieve(place) {
    const still = place.querySelector(".still");
    if (!still) return;
    const watch = new MutationObserver(() => {
      if (!place.querySelector(".main-svg")) return;
      watch.disconnect();
      still.remove();
    });
    watch.observe(place, { childList: true, subtree: true });
  }

  // A theme that changes while the page is open, and paper, which is always light.
  const again = () => {
    if (globalThis.Plotly) charts.filter((chart) => !wanted.has(chart)).forEach((chart) => draw(chart, globalThis.Plotly));
    shown.forEach((show) => show());
  };
  dark.addEventListener("change", again);
  addEventListener("beforeprint", () => {
    document.querySelectorAll("details").forEach((one) => (one.open = true));
    onPaper = true;
    if (dark.matches) {
      root.dataset.theme = "light";
      again();
    }
    if (globalThis.Plotly) charts.forEach((chart) => drawOnce(chart, globalThis.Plotly));
  });
  addEventListener("afterprint", () => {
    onPaper = false;
    if (!dark.matches) return;
    delete root.dataset.theme;
    again();
  });

  return {
    library,
    show(name, component) {
      for (const place of document.querySelectorAll(`[data-widget="${name}"]`)) {
        const data = JSON.parse(written(place));
        const show = () => component({ data, parentElement: place, setTriggerValue: () => {} });
        shown.push(show);
        relieve(place);
        show();
      }
    },
  };
})());
// Where components look for the drawing library before they would fetch it.
globalThis.turningPointLive = { plotly: takenHome.library };
