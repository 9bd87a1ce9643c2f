// Images with some words under each. All images come in one picture, one below the other; each button shows its
// part of it. data: { sheet, label, picked, width, ground, samples: [{ row, lines, about }] } from grid_data() in __init__.py.

function tile(sample, place, count, sheet, press) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "tp-sample";
  button.title = sample.about;
  button.setAttribute("aria-label", sample.about);
  button.addEventListener("click", press);
  const image = document.createElement("span");
  image.className = "tp-sample-image";
  image.style.backgroundImage = `url("${sheet}")`;
  image.style.backgroundPositionY = `${count > 1 ? (100 * place) / (count - 1) : 0}%`;
  const lines = sample.lines.map((line) => {
    const words = document.createElement("span");
    words.className = "tp-sample-line";
    words.textContent = line;
    return words;
  });
  button.append(image, ...lines);
  return button;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".tp-samples");
  root.setAttribute("aria-label", data.label);
  root.style.setProperty("--tp-sample-width", `${data.width}rem`);
  root.style.setProperty("--tp-sample-ground", data.ground);

  const mark = (row) =>
    [...root.children].forEach((button, place) => {
      button.setAttribute("aria-pressed", String(data.samples[place].row === row));
    });

  // Buttons are kept while they show the same images, so that one pressed by key keeps the focus.
  const shown = JSON.stringify([data.sheet, data.label, data.samples]);
  if (root.shown !== shown) {
    root.shown = shown;
    const tiles = data.samples.map((sample, place) =>
      tile(sample, place, data.samples.length, data.sheet, () => {
        mark(sample.row); // at once; the answer follows
        setTriggerValue("picked", sample.row);
      }),
    );
    root.replaceChildren(...tiles);
  }
  mark(data.picked);
}
