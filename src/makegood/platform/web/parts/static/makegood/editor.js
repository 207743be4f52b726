// A finding's place leads into the text; without this the link leads to the text area.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-line]");
  const text = document.getElementById("text");
  if (!link || !text) return;
  event.preventDefault();
  const lines = text.value.split("\n");
  const number = Math.min(Number(link.dataset.line), lines.length);
  const start = lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0);
  const at = start + Math.min(Number(link.dataset.column) - 1, lines[number - 1].length);
  text.focus();
  text.setSelectionRange(at, start + lines[number - 1].length);
  text.scrollTop = (text.scrollHeight / lines.length) * Math.max(number - 6, 0);
});
// What was unfolded stays unfolded when the form is shown anew.
let unfolded = null;
document.addEventListener("htmx:beforeSwap", () => {
  const every = [...document.querySelectorAll("#editor details")];
  unfolded = new Set(every.filter((each) => each.open).map((each) => each.querySelector("summary").textContent));
});
document.addEventListener("htmx:afterSettle", () => {
  for (const each of document.querySelectorAll("#editor details")) {
    if (unfolded) each.open = unfolded.has(each.querySelector("summary").textContent);
  }
});
