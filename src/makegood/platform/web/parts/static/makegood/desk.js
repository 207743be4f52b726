// The queue looks again by itself while somebody sees it, and can be walked through by keys; both are a convenience.
(() => {
  const EVERY = 15000;
  const list = () => document.getElementById("queue");
  const links = () => [...document.querySelectorAll("#queue .mg-case")];

  setInterval(() => {
    const open = list()?.querySelector("select:focus, input:focus, button:focus");
    if (!document.hidden && !open && window.htmx) window.htmx.trigger(list(), "look");
  }, EVERY);

  const walk = (by) => {
    const all = links();
    const here = all.indexOf(document.activeElement);
    const next = all[Math.min(Math.max(here < 0 ? 0 : here + by, 0), all.length - 1)];
    if (next) { next.focus(); next.scrollIntoView({block: "nearest"}); }
  };
  const look = () => {
    const field = document.getElementById("id_words");
    field.closest("details").open = true;
    field.focus();
  };
  const explain = () => { const keys = document.getElementById("keys"); keys.open = !keys.open; keys.scrollIntoView({block: "nearest"}); };
  const go = (name) => document.getElementById(name)?.click();
  const keys = { j: () => walk(1), k: () => walk(-1), "/": look, n: () => go("new-case"), m: () => go("my-cases"), "?": explain };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea, [contenteditable]");
    const act = keys[event.key];
    if (!act || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
})();
