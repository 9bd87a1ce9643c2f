// data: { button } from follow_sidebar() in __init__.py.

const HERE = '[data-testid="stSidebarNavLink"][aria-current="page"]';
const PHONE = 768; // pixels, as Streamlit has it

export default function (component) {
  const { data } = component;
  const follow = (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || !event.target.closest?.(HERE)) return;
    document.querySelector(`.st-key-${data.button} button`)?.click();
    // On a phone the sidebar lies over the page; for another page Streamlit would put it away.
    if (innerWidth < PHONE) document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
  };
  document.addEventListener("click", follow);
  return () => document.removeEventListener("click", follow);
}
