// A pad to draw on with mouse, pen, finger or keys. data: { name, side, width, narrowest, widest, seen, say } from
// pad_data() in __init__.py. What is drawn goes to the page as { bits, count }: one bit a pixel as base64, and the
// number of the change, which comes back as data.seen when the page has answered it.

const PAUSE = 100; // ms between two drawings that are sent
const PATIENCE = 3000; // ms after which one that was not answered is given up
const STEP = 3; // pixels that an arrow key moves, with Shift four times as many
const MOST_STROKES = 500; // that can be taken back
const MOST_KEPT = 8; // drawings that wait for their pad to come back

// What tells a palm from a finger. A resting palm touches before the pen does, so what a finger draws stands only when
// no pen came meanwhile; and where a pen was seen, fingers and palms draw no more until the page is opened anew.
const PALM = 50; // CSS pixels that a contact of a finger is not wide
const STILL = 4; // CSS pixels that a resting hand trembles
const TAP = 500; // ms after which a contact that never moved was no dot
const TOGETHER = 300; // ms within which a second contact makes both a gesture
const BEFORE_PEN = 1000; // ms within which what a hand drew before the first pen is taken back

let penSeen = false;
for (const name of ["pointerdown", "pointermove", "pointerover"]) {
  addEventListener(
    name,
    (event) => {
      if (event.pointerType !== "pen" || penSeen) return;
      penSeen = true;
      for (const pad of pads) pad.penCame();
    },
    { capture: true, passive: true }
  );
}

const pads = new Set();

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// Which letter was meant, on whatever layout: the one that was written; with Hangul or another alphabet, or in the
// middle of a composition, the one on the key.
function letterOf(event) {
  const written = event.key?.length === 1 ? event.key.toLowerCase() : "";
  if (/^[a-z]$/.test(written)) return written;
  return /^Key[A-Z]$/.test(event.code) ? event.code[3].toLowerCase() : "";
}

// By name, so that a drawing is still there when its reader comes back to the page.
const kept = new Map();

function drawingOf(name) {
  const drawing = kept.get(name) ?? { strokes: [], count: 0 };
  kept.delete(name);
  kept.set(name, drawing);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
  return drawing;
}

// The pixels whose middle is not farther than the radius from a line get the ink, or lose it.
function rub(pixels, side, [x0, y0], [x1, y1], radius, ink) {
  const from = (a, b) => Math.max(0, Math.floor(Math.min(a, b) - radius));
  const to = (a, b) => Math.min(side - 1, Math.ceil(Math.max(a, b) + radius));
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  for (let row = from(y0, y1); row <= to(y0, y1); row += 1) {
    for (let column = from(x0, x1); column <= to(x0, x1); column += 1) {
      const [x, y] = [column + 0.5 - x0, row + 0.5 - y0];
      const along = length ? Math.min(1, Math.max(0, (x * dx + y * dy) / length)) : 0;
      if ((x - along * dx) ** 2 + (y - along * dy) ** 2 <= radius * radius) pixels[row * side + column] = ink;
    }
  }
}

function packed(pixels) {
  let bytes = "";
  for (let start = 0; start < pixels.length; start += 8) {
    let byte = 0;
    for (let bit = 0; bit < 8; bit += 1) byte = (byte << 1) | pixels[start + bit];
    bytes += String.fromCharCode(byte);
  }
  return btoa(bytes);
}

class Pad {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`.tp-pad-${name}`);
    this.canvas = this.part("canvas");
    this.context = this.canvas.getContext("2d");
    this.erasing = false;
    this.stroke = null; // the one that is being drawn
    this.pointer = null; // the pointer that draws it; "keys" for the keyboard
    this.touches = new Map(); // fingers and palms on the pad: by pointer what is known of each
    this.byHand = null; // the last stroke of a finger, and when it ended
    pads.add(this);
    this.sentAt = 0;
    this.waiting = null; // the number of the change that is not answered yet
    this.listen();
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(this.canvas);
  }

  update(data, send) {
    const first = this.data?.name !== data.name;
    this.data = data;
    this.send = send;
    if (first) {
      this.drawing = drawingOf(data.name);
      this.pixels = new Uint8Array(data.side * data.side);
      this.cursor = [data.side / 2, data.side / 2];
      this.stroke = this.pointer = this.waiting = null;
      const range = this.part("width").querySelector("input");
      [range.min, range.max, range.value] = [data.narrowest, data.widest, this.drawing.width ?? data.width];
      this.redraw();
      this.showCursor();
    }
    this.speak(data.say);
    if (this.waiting !== null && data.seen >= this.waiting) this.waiting = null;
    // A page that was left and opened again has forgotten the drawing; this script has not.
    if (first && data.seen !== this.drawing.count) this.unsent = true;
    if (this.unsent) this.schedule();
  }

  speak(say) {
    for (const tool of ["pen", "eraser", "undo", "clear"]) this.part(tool).textContent = say[tool];
    this.part("tools").setAttribute("aria-label", say.tools);
    this.part("width").querySelector("span").textContent = say.width;
    this.part("keys").textContent = say.keys;
    this.part("invitation").textContent = say.invitation;
    this.canvas.setAttribute("aria-label", `${say.label} ${say.keys}`);
  }

  // Drawing

  get width() {
    return Number(this.part("width").querySelector("input").value);
  }

  begin(point, pointer, erase) {
    this.pointer = pointer;
    this.stroke = { points: [point], width: this.width, erase };
    this.drawing.strokes.push(this.stroke);
    if (this.drawing.strokes.length > MOST_STROKES) this.drawing.strokes.shift();
    this.line(this.stroke, point, point);
    this.changed();
  }

  extend(point) {
    const last = this.stroke.points.at(-1);
    if (last[0] === point[0] && last[1] === point[1]) return;
    this.stroke.points.push(point);
    this.line(this.stroke, last, point);
    this.changed();
  }

  end() {
    this.stroke = this.pointer = null;
    this.redraw(); // as one smooth line each
    this.showCursor();
  }

  // As if this stroke had never been.
  discard(stroke) {
    const { strokes } = this.drawing;
    const place = strokes.lastIndexOf(stroke);
    if (this.stroke === stroke) this.stroke = this.pointer = null;
    if (place < 0) return;
    strokes.splice(place, 1);
    this.redraw();
    this.changed();
  }

  // The first pen on this page: what the hand that holds it has drawn meanwhile was not meant.
  penCame() {
    if (this.touches.has(this.pointer)) this.discard(this.stroke);
    else if (this.byHand && performance.now() - this.byHand.ended < BEFORE_PEN) this.discard(this.byHand.stroke);
    this.byHand = null;
    for (const touch of this.touches.values()) touch.draws = false;
  }

  line(stroke, from, to) {
    rub(this.pixels, this.data.side, from, to, stroke.width / 2, stroke.erase ? 0 : 1);
    this.paint(stroke, [from, to]);
  }

  // Only for the eye: what is sent are the pixels, which every browser works out alike.
  paint(stroke, points) {
    const [context, scale] = [this.context, this.canvas.width / this.data.side];
    context.globalCompositeOperation = stroke.erase ? "destination-out" : "source-over";
    context.strokeStyle = "#fff";
    context.lineWidth = stroke.width * scale;
    context.lineCap = context.lineJoin = "round";
    context.beginPath();
    context.moveTo(points[0][0] * scale, points[0][1] * scale);
    for (const [x, y] of points) context.lineTo(x * scale, y * scale);
    context.stroke();
  }

  redraw() {
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.pixels.fill(0);
    const { strokes } = this.drawing;
    for (const stroke of strokes.slice(strokes.findLastIndex((each) => each.clear) + 1)) {
      const { points, width, erase } = stroke;
      points.forEach((point, place) => {
        rub(this.pixels, this.data.side, points[Math.max(0, place - 1)], point, width / 2, erase ? 0 : 1);
      });
      this.paint(stroke, points);
    }
    this.showTools();
  }

  resize() {
    const size = Math.round(this.canvas.clientWidth * (globalThis.devicePixelRatio || 1));
    if (!size || size === this.canvas.width || !this.drawing) return;
    this.canvas.width = this.canvas.height = size;
    this.redraw();
  }

  // A finger that is still down draws no further.
  lift() {
    if (this.stroke) this.end();
    for (const touch of this.touches.values()) touch.draws = false;
  }

  undo() {
    this.lift();
    this.drawing.strokes.pop();
    this.redraw();
    this.changed();
  }

  clear() {
    this.lift();
    if (this.isEmpty) return;
    this.drawing.strokes.push({ clear: true }); // so that it can be taken back
    this.redraw();
    this.changed();
  }

  get isEmpty() {
    const { strokes } = this.drawing;
    return !strokes.length || Boolean(strokes.at(-1).clear);
  }

  // Sending: one drawing at a time, the newest one, and not more often than a reader can follow

  changed() {
    this.drawing.count += 1;
    this.unsent = true;
    this.showTools();
    this.schedule();
  }

  schedule() {
    const now = performance.now();
    const late = this.waiting !== null && now - this.sentAt < PATIENCE;
    const wait = late ? PATIENCE - (now - this.sentAt) : Math.max(0, this.sentAt + PAUSE - now);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (!this.unsent) return;
      this.unsent = false;
      this.sentAt = performance.now();
      this.waiting = this.drawing.count;
      this.send("drawing", { bits: packed(this.pixels), count: this.drawing.count });
    }, wait);
  }

  // What is shown beside the ink

  showTools() {
    this.part("undo").disabled = !this.drawing.strokes.length;
    this.part("clear").disabled = this.isEmpty;
    this.part("invitation").hidden = !this.isEmpty;
    this.part("pen").setAttribute("aria-pressed", String(!this.erasing));
    this.part("eraser").setAttribute("aria-pressed", String(this.erasing));
  }

  showCursor() {
    const cursor = this.part("cursor");
    cursor.style.left = `${(100 * this.cursor[0]) / this.data.side}%`;
    cursor.style.top = `${(100 * this.cursor[1]) / this.data.side}%`;
    cursor.dataset.down = String(this.pointer === "keys");
  }

  // Listening

  listen() {
    const { canvas } = this;
    const place = (event) => {
      const box = canvas.getBoundingClientRect();
      const across = (value, start, size) => (this.data.side * (value - start)) / size;
      return [across(event.clientX, box.left, box.width), across(event.clientY, box.top, box.height)];
    };
    canvas.addEventListener("pointerdown", (event) => {
      // 0 is the main button, 5 the other end of some pens.
      if (![0, 5].includes(event.button)) return;
      if (event.pointerType === "touch") {
        this.touchDown(event, place(event));
        return;
      }
      if (this.touches.has(this.pointer)) this.discard(this.stroke);
      if (this.stroke && this.pointer !== "keys") return;
      canvas.setPointerCapture(event.pointerId);
      this.begin(place(event), event.pointerId, this.erasing || event.button === 5);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (this.touches.has(event.pointerId)) this.touchMove(event);
      if (!this.stroke || event.pointerId !== this.pointer) return;
      const events = event.getCoalescedEvents?.() ?? [];
      for (const each of events.length ? events : [event]) this.extend(place(each));
    });
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
      canvas.addEventListener(name, (event) => {
        if (this.touches.has(event.pointerId)) this.touchUp(event);
        else if (event.pointerId === this.pointer) this.end();
      });
    }
    canvas.addEventListener("blur", () => {
      if (this.pointer === "keys") this.end();
    });
    canvas.addEventListener("keydown", (event) => this.key(event));
    this.part("pen").onclick = () => this.choose(false);
    this.part("eraser").onclick = () => this.choose(true);
    this.part("undo").onclick = () => this.undo();
    this.part("clear").onclick = () => this.clear();
    this.part("width").oninput = () => {
      this.drawing.width = this.width;
    };
  }

  touchDown(event, point) {
    const now = performance.now();
    const palm = Math.max(event.width ?? 0, event.height ?? 0) > PALM;
    const others = [...this.touches.values()].filter((touch) => !touch.palm);
    const touch = { start: [event.clientX, event.clientY], point, began: now, palm, draws: !palm && !penSeen };
    this.touches.set(event.pointerId, touch);
    if (!touch.draws) return;
    if (others.length) {
      // One finger draws; two at once are a gesture, and a later one is in the way.
      touch.draws = false;
      for (const other of others) {
        if (now - other.began >= TOGETHER) continue;
        other.draws = false;
        if (this.touches.get(this.pointer) === other) this.discard(this.stroke);
      }
    } else if (!this.stroke || this.pointer === "keys") {
      this.canvas.setPointerCapture(event.pointerId);
    } else {
      touch.draws = false; // the mouse is drawing
    }
  }

  touchMove(event) {
    const touch = this.touches.get(event.pointerId);
    if (!touch.palm && Math.max(event.width ?? 0, event.height ?? 0) > PALM) {
      // It came down on its edge.
      touch.palm = true;
      touch.draws = false;
      if (event.pointerId === this.pointer) this.discard(this.stroke);
    }
    if (!touch.draws || event.pointerId === this.pointer) return;
    if (this.stroke && this.pointer !== "keys") return;
    const [x, y] = touch.start;
    if (Math.hypot(event.clientX - x, event.clientY - y) > STILL) this.begin(touch.point, event.pointerId, this.erasing);
  }

  touchUp(event) {
    const touch = this.touches.get(event.pointerId);
    const dot = touch.draws && event.type === "pointerup" && performance.now() - touch.began < TAP;
    if (dot && (!this.stroke || this.pointer === "keys")) this.begin(touch.point, event.pointerId, this.erasing);
    this.touches.delete(event.pointerId);
    if (event.pointerId !== this.pointer) return;
    if (event.type === "pointercancel") {
      this.discard(this.stroke); // the system knows of more palms than we do
      return;
    }
    this.byHand = { stroke: this.stroke, ended: performance.now() };
    this.end();
  }

  choose(erasing) {
    this.erasing = erasing;
    this.showTools();
  }

  key(event) {
    const { say, side } = this.data;
    const letter = letterOf(event);
    const command = event.ctrlKey || event.metaKey;
    const arrow = ARROWS[event.key] ?? ARROWS[event.code];
    if (arrow) {
      const step = STEP * (event.shiftKey ? 4 : 1);
      this.cursor = this.cursor.map((at, axis) => Math.min(side, Math.max(0, at + step * arrow[axis])));
      if (this.pointer === "keys") this.extend([...this.cursor]);
    } else if (event.key === " " || event.code === "Space") {
      if (event.repeat) {
        // held down, which is no second press
      } else if (this.pointer === "keys") this.end();
      else if (!this.stroke) this.begin([...this.cursor], "keys", this.erasing);
      this.part("said").textContent = this.stroke ? say.down : say.up;
    } else if (letter === "z" && command && !event.shiftKey && !event.altKey) {
      if (this.drawing.strokes.length) this.undo();
    } else if (letter === "e" && !command && !event.altKey) {
      if (!event.repeat) this.choose(!this.erasing);
      this.part("said").textContent = this.erasing ? say.eraser : say.pen;
    } else if (event.key === "Delete" || event.code === "Delete") {
      this.clear();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation(); // the page has shortcuts of its own
    this.showCursor();
  }
}

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const root = parentElement.querySelector(".tp-pad");
  root.pad ??= new Pad(root);
  pads.add(root.pad);
  root.pad.update(data, setStateValue);
  return () => {
    clearTimeout(root.pad.timer);
    pads.delete(root.pad);
    root.pad.sizes.disconnect();
  };
}
