// What components share: what they fetch from the server beside their data, and filling in sentences. It stands before the
// code of each (dashboard/shared/browser.py).

// Streamlit's own script tells where the server lives, also behind a base path; the page's address does not.
function serverUrl(path) {
  const script = document.querySelector('script[type="module"][src*="static/js/index."]');
  return new URL(path, script ? new URL("../../", script.src) : document.baseURI).href;
}

// One script tag for all instances. Streamlit's charts set window.Plotly too, so a reference of our own is kept.
const shared = (globalThis.turningPointLive ??= { plotly: null });

function loadPlotly(path) {
  shared.plotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = serverUrl(path);
    script.onload = () => resolve(globalThis.Plotly);
    script.onerror = () => {
      shared.plotly = null;
      script.remove();
      reject(new Error("plotly.js did not load"));
    };
    document.head.append(script);
  });
  return shared.plotly;
}

// The reader's colours and font, for figures that a component draws itself.
function themeOf(root) {
  const css = getComputedStyle(root);
  const colour = (name, otherwise) => css.getPropertyValue(`--st-${name}`).trim() || otherwise;
  return {
    text: colour("text-color", "#444"),
    back: colour("background-color", "#fff"),
    line: colour("border-color", "#ddd"),
    font: css.fontFamily,
  };
}

// As core/sentences.py: "{count} {count:sample|samples}" has the noun that agrees with the number.
const fill = (template, values) =>
  template.replace(/\{(\w+)(?::([^|{}]*)\|([^|{}]*))?\}/g, (whole, name, one, other) => {
    if (!(name in values)) return whole;
    if (one === undefined) return values[name];
    return String(values[name]) === "1" ? one : other;
  });
