// data: { label } from print_button() in __init__.py.

export default function (component) {
  const { data, parentElement } = component;
  const button = parentElement.querySelector(".tp-print");
  button.textContent = data.label;
  button.onclick = () => window.print();
}
