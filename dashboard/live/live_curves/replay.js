// A run that is over, shown once more as it came: its epochs appear in the time they took, or as many times faster.
// It drives the curves of live_curves.js, to which it hands the run as it was after some of its epochs.
//
// data.replay: { frames, start, words } from replay_data() in replay.py; frame n holds what was known after epoch n + 1.

const AT_ONCE = "ten"; // the whole run in so many seconds
const AT_ONCE_SECONDS = 10;
const SPEEDS = ["1", "2", "5", "20", AT_ONCE];
const LONGEST_STEP = 250; // ms between two looks at the clock; a tab that was hidden goes on where it was
const SHORTEST_EPOCH = 0.02; // s

class Replay {
  constructor(curves) {
    this.curves = curves;
    this.box = curves.part("replay");
    this.id = null;
    this.speed = "1";
    const on = (name, event, act) => curves.part(name).addEventListener(event, act);
    on("play", "click", () => (this.playing ? this.pause() : this.play()));
    on("back", "click", () => this.step(-1));
    on("on", "click", () => this.step(1));
    on("seek", "input", (event) => {
      this.pause();
      this.go(Number(event.target.value));
    });
    on("speed", "change", (event) => {
      this.speed = event.target.value;
      this.label();
    });
    this.box.addEventListener("keydown", (event) => this.key(event));
  }

  get active() {
    return this.whole !== undefined && (this.playing || this.epoch < this.whole.epochs.length);
  }

  // What the curves show is put aside while they take over what the server says, and brought back by `offer`.
  putAside() {
    if (this.whole) this.curves.run = this.whole;
  }

  offer(replay) {
    this.box.hidden = !replay;
    if (!replay) {
      this.pause();
      this.whole = undefined;
      return;
    }
    const { run } = this.curves;
    const fresh = this.id !== run.id || this.whole?.epochs.length !== run.epochs.length;
    this.whole = run;
    this.data = replay;
    this.seconds = run.epochs.map((epoch) => Math.max(epoch.seconds ?? 0, SHORTEST_EPOCH));
    this.total = this.seconds.reduce((sum, each) => sum + each, 0);
    if (fresh) {
      this.id = run.id;
      this.pause();
      this.epoch = replay.start === "end" ? run.epochs.length : 0;
      this.elapsed = this.until(this.epoch);
      if (replay.speed) this.speed = replay.speed;
    }
    const select = this.curves.part("speed");
    select.replaceChildren(
      ...SPEEDS.map((speed) => new Option(replay.words.speeds[speed], speed, false, speed === this.speed)),
    );
    select.setAttribute("aria-label", replay.words.speed);
    this.box.setAttribute("aria-label", replay.words.group);
    for (const [name, word] of [["back", "back"], ["on", "on"], ["seek", "seek"]]) {
      this.curves.part(name).setAttribute("aria-label", replay.words[word]);
      this.curves.part(name).title = replay.words[word];
    }
    this.curves.part("seek").max = run.epochs.length;
    this.apply();
    if (fresh && replay.start === "play") this.play();
  }

  // Seconds of the recording until an epoch was done.
  until(epoch) {
    return this.seconds.slice(0, epoch).reduce((sum, each) => sum + each, 0);
  }

  // How many seconds of the recording go by in one.
  factor() {
    return this.speed === AT_ONCE ? this.total / AT_ONCE_SECONDS : Number(this.speed);
  }

  play() {
    if (!this.whole) return;
    if (this.epoch >= this.whole.epochs.length) this.go(0);
    this.playing = true;
    this.then = performance.now();
    this.told = 0;
    this.apply();
    this.frame = requestAnimationFrame((now) => this.tick(now));
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    cancelAnimationFrame(this.frame);
    this.label();
  }

  tick(now) {
    if (!this.playing || this.curves.gone) return;
    this.elapsed += (Math.min(now - this.then, LONGEST_STEP) / 1000) * this.factor();
    this.then = now;
    let epoch = this.epoch;
    while (epoch < this.whole.epochs.length && this.until(epoch + 1) <= this.elapsed + 1e-9) epoch += 1;
    const moved = epoch !== this.epoch;
    this.epoch = epoch;
    if (epoch >= this.whole.epochs.length) {
      this.playing = false;
      this.apply();
      return;
    }
    if (moved || now - this.told > LONGEST_STEP) {
      this.told = now;
      if (moved) this.apply();
      else this.tell();
    }
    this.frame = requestAnimationFrame((next) => this.tick(next));
  }

  step(by) {
    this.pause();
    this.go(this.epoch + by);
  }

  go(epoch) {
    this.epoch = Math.min(Math.max(epoch, 0), this.whole.epochs.length);
    this.elapsed = this.until(this.epoch);
    this.apply();
  }

  key(event) {
    const moves = { ArrowLeft: -1, ArrowRight: 1 };
    if (event.key in moves && event.target.tagName !== "SELECT" && event.target.type !== "range") {
      event.preventDefault();
      this.step(moves[event.key]);
    }
  }

  // The run as it was after the epoch at which the replay stands.
  shown() {
    const { whole, epoch } = this;
    if (epoch >= whole.epochs.length && !this.playing) return whole;
    return {
      ...whole,
      ...(epoch ? this.data.frames[epoch - 1] : { turning_point: null, loss_axes: null }),
      state: "replay",
      epochs: whole.epochs.slice(0, epoch),
      progress: {
        phase: "training",
        epoch: Math.min(epoch + 1, whole.epochs.length),
        eta_seconds: this.playing ? (this.total - this.elapsed) / this.factor() : null,
      },
    };
  }

  tell() {
    this.curves.run = this.shown();
    this.curves.tell();
    this.label();
  }

  apply() {
    this.tell();
    this.curves.draw();
  }

  label() {
    if (!this.whole) return;
    const { words } = this.data;
    const done = this.epoch >= this.whole.epochs.length;
    const play = this.curves.part("play");
    const word = this.playing ? words.pause : done ? words.play : this.epoch ? words.go_on : words.play;
    play.textContent = `${this.playing ? "❚❚" : "▶"} ${word}`;
    play.dataset.playing = this.playing ? "yes" : "no";
    const seek = this.curves.part("seek");
    seek.value = this.epoch;
    const at = fill(words.at, { epoch: this.epoch, epochs: this.whole.epochs.length });
    seek.setAttribute("aria-valuetext", at);
    this.curves.part("at").textContent = at;
    this.curves.part("back").disabled = this.epoch === 0;
    this.curves.part("on").disabled = done;
  }
}

