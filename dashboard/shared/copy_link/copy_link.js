// A text to be copied, with its button. Over plain HTTP, as in a class, browsers have no navigator.clipboard: the text is
// selected and copied by the old command, and where even that is refused it stands selected for the reader's own keys.
//
// data: { text, label, button, copied, selected } from copy_link() in __init__.py.

async function copied(field) {
  if (navigator.clipboard && globalThis.isSecureContext) {
    try {
      await navigator.clipboard.writeText(field.value);
      return true;
    } catch {
      // A frame of another page may not: the old way is tried.
    }
  }
  field.focus();
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  }
}

export default function (component) {
  const { data, parentElement } = component;
  const field = parentElement.querySelector(".tp-copy-text");
  const button = parentElement.querySelector(".tp-copy-button");
  const said = parentElement.querySelector(".tp-copy-said");
  if (field.value !== data.text) said.textContent = "";
  field.value = data.text;
  field.setAttribute("aria-label", data.label);
  const grow = () => {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight + 2, 160)}px`;
  };
  grow();
  const sizes = new ResizeObserver(grow);
  sizes.observe(field.parentElement);
  field.onfocus = () => field.select();
  button.textContent = data.button;
  button.onclick = async () => {
    const done = await copied(field);
    said.textContent = done ? data.copied : data.selected;
    if (done) button.focus();
  };
  return () => sizes.disconnect();
}
