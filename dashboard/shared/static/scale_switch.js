// A switch of scales in an element with role "radiogroup" that holds a word for the eye: one radio button a scale, whose
// words may change with the language. Its look is `.tp-axis-scale` in component.css.
function offerScales(group, word, scales, chosen, name, choose) {
  group.setAttribute("aria-label", word);
  group.querySelector(".tp-axis-scale-word").textContent = word;
  for (const [scale, label] of Object.entries(scales)) {
    let radio = group.querySelector(`input[value="${scale}"]`);
    if (!radio) {
      radio = Object.assign(document.createElement("input"), { type: "radio", value: scale });
      const whole = document.createElement("label");
      whole.append(radio, document.createElement("span"));
      group.append(whole);
      radio.addEventListener("change", () => choose(scale));
    }
    radio.name = name; // before it is checked: of one name only one is
    radio.checked = scale === chosen;
    radio.nextSibling.textContent = label;
  }
}

