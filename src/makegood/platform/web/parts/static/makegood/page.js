// The look follows the system; nothing here is needed for a page to work.
(() => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const show = () => { document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light"; };
  dark.addEventListener("change", show);
  show();
})();

// What scrolls sideways can be reached by keyboard, and tabs begin at the one that is open.
document.addEventListener("DOMContentLoaded", () => {
  for (const each of document.querySelectorAll(".mg-nav [aria-current], .mg-tabs [aria-current]")) {
    const row = each.parentElement;
    row.scrollLeft = each.offsetLeft - row.offsetLeft - (row.clientWidth - each.clientWidth) / 2;
  }
  for (const each of document.querySelectorAll(".mg-scroll")) if (each.scrollWidth > each.clientWidth) each.tabIndex = 0;
});
