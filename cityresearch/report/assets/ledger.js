// Filters, sorts and walks the table of claims. The address keeps the filters, so that a view can be sent on.
"use strict";
(() => {
  const form = document.querySelector(".filters");
  const table = document.getElementById("claims");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const count = document.querySelector(".count");
  const fields = ["search", "document", "verdict", "basis", "place"];
  let at = null;

  const shown = () => [...body.rows].filter((row) => !row.hidden);

  function filter(remember) {
    const wanted = Object.fromEntries(fields.map((name) => [name, form.elements[name].value.trim()]));
    const words = wanted.search.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const data = row.dataset;
      row.hidden = !(
        words.every((word) => data.text.includes(word)) &&
        (!wanted.document || data.document === wanted.document) &&
        (!wanted.verdict || data.verdict === wanted.verdict) &&
        (!wanted.basis || data.basis === wanted.basis) &&
        (!wanted.place || data.place.split("|").includes(wanted.place))
      );
    }
    const n = shown().length;
    count.textContent = n === rows.length ? `${n} claims` : `${n} of ${rows.length} claims`;
    if (remember) {
      const kept = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value));
      history.replaceState(null, "", kept.size ? `#${kept}` : location.pathname + location.search);
    }
  }

  function read() {
    const kept = new URLSearchParams(location.hash.slice(1));
    for (const name of fields) form.elements[name].value = kept.get(name) || "";
    filter(false);
  }

  function sort(head) {
    const place = head.cellIndex;
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const text = (row) => row.cells[place].textContent;
    rows.sort((a, b) => text(a).localeCompare(text(b), "en", { numeric: true }) * (down ? -1 : 1));
    body.append(...rows);
  }

  function walk(step) {
    const all = shown();
    if (!all.length) return;
    const next = Math.min(Math.max(all.indexOf(at) + step, 0), all.length - 1);
    if (at) at.classList.remove("at");
    at = all[next];
    at.classList.add("at");
    at.querySelector("a").focus();
    at.scrollIntoView({ block: "nearest" });
  }

  form.addEventListener("input", () => filter(true));
  form.addEventListener("submit", (event) => event.preventDefault());
  table.tHead.addEventListener("click", (event) => {
    const head = event.target.closest("th");
    if (head) sort(head);
  });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "Escape" && typing) event.target.blur();
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      event.preventDefault();
      form.elements.search.focus();
    } else if (event.key === "j" || event.key === "k") {
      walk(event.key === "j" ? 1 : -1);
    }
  });
  addEventListener("hashchange", read);
  read();
})();
