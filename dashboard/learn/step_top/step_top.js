// data: { place } from begin_at_top() in __init__.py.

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".tp-step-top");
  if (root.place !== undefined && root.place !== data.place) {
    document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0 });
  }
  root.place = data.place;
}
