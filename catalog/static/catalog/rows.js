/* The table of items: rows are added, moved and taken away without asking the server. Without this file the same
   buttons send the form, which does the same. Fields are named by the key of their row, so that nothing is renamed. */
(() => {
  "use strict";

  const table = document.querySelector("table[data-rows]");
  if (!table) return;
  const body = table.tBodies[0];
  const template = document.getElementById(table.dataset.rows);
  const said = document.querySelector("[data-rows-said]");
  const first = Number(body.querySelector("[data-number]")?.textContent) || 1;
  let added = 0;

  function renumber() {
    [...body.rows].forEach((row, place) => {
      const number = first + place;
      const cell = row.querySelector("[data-number]");
      cell.firstChild.nodeType === Node.TEXT_NODE
        ? (cell.firstChild.data = String(number))
        : cell.prepend(String(number));
      for (const control of row.querySelectorAll("[aria-label]")) {
        control.setAttribute(
          "aria-label",
          control.getAttribute("aria-label").replace(/第 \d+ 行|新的一行/, `第 ${number} 行`),
        );
      }
    });
  }

  function tell(text) {
    if (said) said.textContent = text;
    table.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function add() {
    added += 1;
    const row = template.content.firstElementChild.cloneNode(true);
    for (const element of row.querySelectorAll("*")) {
      for (const name of ["id", "name", "value", "aria-describedby", "list"]) {
        const value = element.getAttribute(name);
        if (value && value.includes("__")) element.setAttribute(name, value.replace("__", `new${added}`));
      }
    }
    body.append(row);
    renumber();
    row.querySelector(".input").focus();
    tell(`加了第 ${first + body.rows.length - 1} 行`);
  }

  table.addEventListener("click", (event) => {
    const button = event.target.closest("[data-row-up], [data-row-down], [data-row-drop]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("tr");
    const number = first + [...body.rows].indexOf(row);
    if ("rowDrop" in button.dataset) {
      const next = row.nextElementSibling || row.previousElementSibling;
      row.remove();
      renumber();
      (next ? next.querySelector("[data-row-drop]") : document.querySelector("[data-add-row]")).focus();
      tell(`删除了第 ${number} 行，保存以后生效`);
      return;
    }
    const up = "rowUp" in button.dataset;
    const other = up ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    up ? other.before(row) : other.after(row);
    renumber();
    button.focus();
    tell(`第 ${number} 行移到了第 ${number + (up ? -1 : 1)} 行`);
  });

  const button = document.querySelector("[data-add-row]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", add);
  }
})();
