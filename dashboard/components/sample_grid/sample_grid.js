// Images with their class names. All images come in one picture, one below the other; each button shows its
// part of it. data: { sheet, label, picked, samples: [{ row, name, about }] } from grid_data() in __init__.py.

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
  const name = document.createElement("span");
  name.className = "tp-sample-name";
  name.textContent = sample.name;
  button.append(image, name);
  return button;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".tp-samples");
  root.setAttribute("aria-label", data.label);

  const mark = (row) =>
    [...root.children].forEach((button, place) => {
      button.setAttribute("aria-pressed", String(data.samples[place].row === row));
    });

  // Buttons are kept while they show the same images, so that one pressed by key keeps the focus.
  if (root.shown !== data.sheet || root.label !== data.label) {
    root.shown = data.sheet;
    root.label = data.label;
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
