// Figures as pictures for a slide, saved by the browser: on white whatever the theme, with words large enough for
// the last row of a classroom.
//
// data: { pictures, figure, asked, layout, size, plotly, words } from pictures_data() in __init__.py. A figure that
// the browser does not have is asked for, and comes as `figure` with the `asked` that it answers.

const INK = "#1f2a33";
const LINE = "#d5dde3";
const TITLE = 19; // px of the title, of 800 by 450

// Plotly reads a little HTML in titles.
const plain = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

class SlidePictures {
  constructor(root) {
    this.list = root.querySelector(".tp-slides-list");
    this.said = root.querySelector(".tp-slides-said");
    this.font = getComputedStyle(root).fontFamily;
  }

  show(data, ask) {
    this.data = data;
    this.ask = ask;
    const shown = JSON.stringify(data.pictures);
    if (shown !== this.shown) {
      this.shown = shown;
      this.list.replaceChildren(
        ...data.pictures.map((picture) => {
          const button = document.createElement("button");
          button.type = "button";
          button.textContent = picture.label;
          button.dataset.key = picture.key;
          button.onclick = () => this.press(picture);
          return button;
        }),
      );
    }
    if (this.waiting && data.asked?.time === this.waiting) {
      const picture = data.pictures.find((one) => one.key === data.asked.key);
      this.waiting = null;
      if (data.figure) this.save(picture, JSON.parse(data.figure));
      else this.tell("failed");
    }
  }

  press(picture) {
    if (this.busy) return;
    if (!picture.run) {
      this.tell("busy", true);
      this.waiting = Date.now();
      this.ask({ key: picture.key, time: this.waiting });
      return;
    }
    const curves = shared.curves?.get(picture.run);
    if (!curves) {
      this.tell("failed");
      return;
    }
    const [width, height] = this.data.size.map((pixels) => pixels / picture.scale);
    this.save(picture, curves.slide({ text: INK, back: "#fff", line: LINE, font: this.font }, width, height));
  }

  tell(word, busy = false) {
    this.busy = busy;
    this.said.textContent = this.data.words[word];
    this.list.querySelectorAll("button").forEach((one) => one.setAttribute("aria-disabled", String(busy)));
  }

  layout(own, picture) {
    const axis = { gridcolor: LINE, zerolinecolor: LINE, linecolor: LINE };
    const { xaxis, yaxis, ...usual } = this.data.layout;
    const [width, height] = this.data.size.map((pixels) => pixels / picture.scale);
    const margin = { l: 8, r: 8, b: 8, ...own.margin };
    return {
      template: { layout: { ...usual, xaxis: { ...axis, ...xaxis }, yaxis: { ...axis, ...yaxis } } },
      ...own,
      font: { family: this.font, size: 12.5, color: INK, ...own.font },
      paper_bgcolor: "#fff",
      plot_bgcolor: "#fff",
      autosize: false,
      width,
      height,
      margin: { ...margin, l: margin.l + 16, r: margin.r + 16, b: margin.b + 8, t: (margin.t ?? 8) + 2.2 * TITLE },
      title: {
        text: `<b>${plain(picture.title)}</b>`, x: 0.02, xanchor: "left", y: 1 - (1.2 * TITLE) / height,
        yanchor: "middle", font: { size: TITLE },
      },
    };
  }

  async save(picture, figure) {
    this.tell("busy", true);
    try {
      const plotly = await loadPlotly(this.data.plotly);
      const layout = this.layout(figure.layout, picture);
      const address = await plotly.toImage(
        { data: figure.data, layout },
        { format: "png", width: layout.width, height: layout.height, scale: picture.scale },
      );
      const link = document.createElement("a");
      link.href = address;
      link.download = picture.file;
      link.click();
      this.tell("saved");
    } catch (error) {
      this.tell("failed");
    }
  }
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".tp-slides");
  root.slidePictures ??= new SlidePictures(root);
  root.slidePictures.show(data, (asked) => setTriggerValue("asked", asked));
}
