// Gives a chart from the start the room that its axes and its legend took when one like it was drawn last. How much
// that is Plotly finds out by drawing, and where it was too little it draws all of it once more.

const SIDES = ["l", "r", "t", "b"];
const OUTER = { l: 0, r: 1, t: 1, b: 0 }; // where on the axes those things stand that take room at a side
const GAP = 12; // pixels that Plotly leaves beside them, fewer where one of the margins is narrower than that
const LIKE = 40; // charts of nearly the same width are alike
const KNOWN = 200; // charts; the one that was drawn longest ago is forgotten first

const gapOf = (margin) => Math.min(GAP, ...SIDES.map((side) => margin[side]));

class RoomOfAxes {
  constructor() {
    this.taken = new Map(); // pixels at each side without the gap, by what tells charts apart
  }

  // Plotly's first drawing of a figure: `draw` draws what it is given. Gives what Plotly promises.
  async draw(root, figure, draw) {
    const own = figure?.layout?.margin;
    if (!own || !SIDES.every((side) => own[side] >= 0)) return draw(figure);
    const like = this.like(figure);
    const margin = this.margin(own, this.taken.get(like));
    root.turningPointRoom = { own: JSON.stringify(own), margin };
    const drawn = await draw({ ...figure, layout: { ...figure.layout, margin } });
    this.remember(like, root, margin);
    return drawn;
  }

  // What is drawn later in the same place keeps what the first one was given, unless it wants other margins itself.
  keep(root, layout) {
    const room = root.turningPointRoom;
    if (room && layout?.margin && JSON.stringify(layout.margin) === room.own) layout.margin = { ...room.margin };
  }

  // What decides how much room there must be, but for how long numbers at an axis are.
  like({ data, layout }) {
    const axes = Object.keys(layout).filter((name) => /^[xy]axis/.test(name)).sort();
    const words = (values) => (Array.isArray(values) && values.every((value) => typeof value === "string") ? values : 0);
    return JSON.stringify([
      Math.round(layout.width / LIKE),
      layout.margin,
      layout.legend,
      axes.map((name) => {
        const { title, ticktext, tickformat, domain, side, showticklabels } = layout[name];
        return [name, title, ticktext, tickformat, domain, side, showticklabels];
      }),
      (data ?? []).map(({ type, name, showlegend, x, y }) => [type, name, showlegend, words(x), words(y)]),
    ]);
  }

  margin(own, taken) {
    if (!taken) return own;
    const wide = (gap) => SIDES.map((side) => [side, Math.max(own[side], taken[side] + gap)]);
    let [gap, margin] = [gapOf(own), own];
    for (;;) { // a wider margin may make the gap wider, and that the others
      margin = { ...own, ...Object.fromEntries(wide(gap)) };
      if (gapOf(margin) <= gap) return margin;
      gap = gapOf(margin);
    }
  }

  remember(like, root, margin) {
    const { _size: size, _pushmargin: pushed } = root._fullLayout ?? {};
    if (!size || !pushed) return;
    const things = Object.entries(pushed).filter(([name]) => name !== "base").map(([, thing]) => thing);
    const [gap, known] = [gapOf(margin), this.taken.get(like)];
    const taken = SIDES.map((side) => {
      const outer = things.map((thing) => thing[side]).filter((push) => push?.val === OUTER[side]);
      // What stands elsewhere, as the last number below an axis or a legend above, shows what it takes only where that
      // is more than the margin; where it had enough it keeps that.
      const other = size[side] > margin[side] + 1 ? size[side] : known && !outer.length ? known[side] + gap : gap;
      return [side, Math.max(other, ...outer.map((push) => push.size)) - gap];
    });
    this.taken.delete(like);
    this.taken.set(like, Object.fromEntries(taken));
    if (this.taken.size > KNOWN) this.taken.delete(this.taken.keys().next().value);
  }
}
