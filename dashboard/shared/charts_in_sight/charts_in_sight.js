// Draws those of Streamlit's charts that are in sight, or nearly, as soon as they stand on the page; the others one at a
// time while the browser has nothing else to do, at once when they come into sight, and all before the page is printed.
// Their places are as high from the start. Where Streamlit draws in some other way, nothing is changed. The server is
// told when the page turns dark or light with the reader's system.
//
// data: { theme } from draw_what_is_in_sight_first() in __init__.py.

const CHART = '[data-testid="stPlotlyChart"]';
const NEARLY = "150px"; // above and below the window
const LEAST = 150; // pixels; narrower than that Streamlit draws no chart
// ms after which Streamlit may have changed its own theme. What is sent before that carries the old one.
const TURNED = [100, 500, 2000, 6000, 20000];
const STARVED = 1000; // ms after which a look is taken though the browser has something else to do
const QUIET = 250; // ms without another chart before those out of sight begin

const whenIdle = globalThis.requestIdleCallback ?? ((act) => setTimeout(act, 50));

class ChartOrder {
  constructor() {
    this.waiting = new Map(); // what draws a chart, by its place
    this.room = new RoomOfAxes();
    this.sight = new IntersectionObserver(
      (seen) => seen.forEach(({ isIntersecting, target }) => isIntersecting && this.draw(target)),
      { rootMargin: `${NEARLY} 0px` },
    );
    addEventListener("beforeprint", () => [...this.waiting.keys()].forEach((place) => this.draw(place)));
  }

  // Plotly's first drawing of a chart in this place; gives what it promises.
  add(place, draw) {
    return new Promise((resolve) => {
      this.waiting.set(place, () => resolve(draw()));
      this.sight.observe(place);
      clearTimeout(this.quiet);
      this.quiet = setTimeout(() => this.next(), QUIET);
    });
  }

  draw(place) {
    const begin = this.waiting.get(place);
    this.waiting.delete(place);
    this.sight.unobserve(place);
    if (begin && place.isConnected) begin(); // what has left the page nobody waits for
  }

  next() {
    whenIdle(() => {
      const [place] = this.waiting.keys();
      if (!place) return;
      this.draw(place);
      this.next();
    });
  }

  follow(plotly) {
    if (!plotly?.react || plotly.inOrder) return;
    const react = plotly.react.bind(plotly);
    plotly.inOrder = true;
    plotly.react = (root, figure, ...more) => {
      const place = root instanceof Element && root.closest(CHART);
      if (!place) return react(root, figure, ...more);
      if (!root.layout) {
        const draw = (given) => react(root, given, ...more);
        return this.add(place, () => this.room.draw(root, fitted(figure, root, place), draw));
      }
      keepTemplate(root.layout, figure?.layout);
      this.room.keep(root, figure?.layout);
      return react(root, figure, ...more);
    };
  }
}

// Streamlit has each chart drawn a second time when it has laid its theme over it once more, by a copy. To Plotly another
// template is another figure, also if there stands the same in it.
function keepTemplate(before, layout) {
  if (layout && JSON.stringify(before.template) === JSON.stringify(layout.template)) layout.template = before.template;
}

// The first time Streamlit does not tell how large a chart is to be. What Plotly takes instead is rounded, or as high as
// usual, and the chart would be drawn once more in its real size.
function fitted(figure, root, place) {
  const { width, height } = place.getBoundingClientRect();
  if (!figure?.layout || width < LEAST || height < 1 || !root.checkVisibility()) return figure;
  return { ...figure, layout: { ...figure.layout, width, height } };
}

// Once for the whole visit. Streamlit leaves its Plotly in this place when it loads its first chart.
function begin() {
  const order = new ChartOrder();
  let plotly = globalThis.Plotly;
  order.follow(plotly);
  Object.defineProperty(globalThis, "Plotly", {
    configurable: true,
    enumerable: true,
    get: () => plotly,
    set: (loaded) => {
      plotly = loaded;
      order.follow(loaded);
    },
  });
  return order;
}

// The theme that the page is shown in, "light" or "dark"; nothing where Streamlit marks it in some other way.
function shown() {
  const app = document.querySelector('[data-testid="stApp"]');
  return app && getComputedStyle(app).colorScheme;
}

// Tells the server when its page has another theme than the one that it was drawn for.
class Theme {
  constructor() {
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.watch());
  }

  // The page stands here, drawn for this theme. It may have turned before it came, while nobody looked.
  drawn(place, theme, tell) {
    this.known = theme;
    this.tell = tell;
    if (place !== this.place) this.watch();
    this.place = place;
  }

  watch() {
    const compare = () => this.compare();
    TURNED.forEach((later) => setTimeout(() => whenIdle(compare, { timeout: STARVED }), later));
  }

  compare() {
    const theme = shown();
    if (theme && theme !== this.known) this.tell(theme);
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  globalThis.turningPointCharts ??= begin();
  globalThis.turningPointTheme ??= new Theme();
  globalThis.turningPointTheme.drawn(parentElement, data.theme, (theme) => setTriggerValue("theme", theme));
}
