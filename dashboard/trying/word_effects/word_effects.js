// A text whose words are buttons. data: { words: [[text, kind, sign, level, about]], between, shared, lang, padding,
// paddingFirst, say } from word_data() in __init__.py. between: what stands before each word and behind the last one, or
// []. shared: words are single characters mostly, too narrow for marks. Words come from anybody: they become text here
// and nothing else.

function button([text, kind, sign, level, about], place) {
  const word = document.createElement("button");
  word.type = "button";
  word.className = "tp-word";
  word.dataset.kind = kind;
  word.dataset.sign = sign === "-" ? "minus" : sign === "+" ? "plus" : "none";
  word.dataset.level = level;
  word.dataset.place = place;
  word.tabIndex = -1;
  word.textContent = text;
  word.setAttribute("aria-label", `${text}. ${about}`);
  if (sign && level > 1) {
    const mark = document.createElement("sup");
    mark.textContent = (sign === "-" ? "\u2212" : "+").repeat(level > 3 ? 2 : 1);
    word.append(mark);
  }
  return word;
}

function paddingMark(data) {
  const mark = document.createElement("span");
  mark.className = "tp-words-padding";
  mark.textContent = `0 \u00d7 ${data.padding}`;
  mark.title = data.say.padding;
  mark.setAttribute("aria-label", data.say.padding);
  mark.setAttribute("role", "img");
  return mark;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".tp-words");
  const text = root.querySelector(".tp-words-text");
  const said = root.querySelector(".tp-words-word");
  const about = root.querySelector(".tp-words-about");
  const out = root.querySelector(".tp-words-out");
  out.textContent = data.say.leaveOut;
  text.setAttribute("aria-label", data.say.label);

  text.lang = said.lang = data.lang;
  text.classList.toggle("tp-words-written", data.between.length > 0);
  text.classList.toggle("tp-words-shared", data.shared);

  const shown = JSON.stringify([data.words, data.between, data.padding, data.paddingFirst]);
  if (text.shown !== shown) {
    text.shown = shown;
    text.picked = null;
    const pieces = [];
    if (data.between.length) {
      data.words.forEach((word, place) => pieces.push(data.between[place], button(word, place)));
      pieces.push(data.between.at(-1), " ");
    } else {
      data.words.forEach((word, place) => pieces.push(button(word, place), " "));
    }
    if (data.padding) {
      if (data.paddingFirst) pieces.unshift(paddingMark(data), " ");
      else pieces.push(paddingMark(data));
    }
    text.replaceChildren(...pieces);
  }
  const words = [...text.querySelectorAll(".tp-word")];

  const tell = (place) => {
    const word = place === null ? null : data.words[place];
    said.textContent = word ? word[0] : "";
    about.textContent = word ? word[4] : data.say.hint;
    out.hidden = place === null || place !== text.picked;
  };

  const pick = (place) => {
    text.picked = place;
    words.forEach((word, at) => {
      word.setAttribute("aria-pressed", String(at === place));
      word.tabIndex = at === (place ?? 0) ? 0 : -1;
    });
    tell(place);
  };

  // One place in the order of tabs for the whole text; arrows lead from word to word.
  text.onkeydown = (event) => {
    const here = words.indexOf(event.target);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: words.length - 1 }[event.key];
    if (here < 0 || to === undefined || !words[to]) return;
    event.preventDefault();
    words[here].tabIndex = -1;
    words[to].tabIndex = 0;
    words[to].focus();
  };
  const placeOf = (event) => {
    const word = event.target.closest?.(".tp-word");
    return word ? Number(word.dataset.place) : null;
  };
  text.onclick = (event) => {
    const place = placeOf(event);
    if (place !== null) pick(place);
  };
  text.onpointerover = (event) => {
    const place = placeOf(event);
    if (place !== null) tell(place);
  };
  text.onpointerleave = () => tell(text.picked);
  // Focus comes to single words, and its events go no further up; those that do have no property of their own.
  words.forEach((word, place) => {
    word.onfocus = () => tell(place);
    word.onblur = () => tell(text.picked);
  });
  out.onclick = () => {
    if (text.picked !== null) setTriggerValue("left_out", text.picked);
  };
  pick(text.picked);
}
