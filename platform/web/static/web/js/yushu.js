/* Small comforts. Every page works without this file; nothing here decides anything. */
(() => {
  "use strict";

  const all = (selector, root = document) => root.querySelectorAll(selector);

  // 字数: how much room is left in a long text
  function count(note) {
    const text = document.getElementById(note.dataset.countOf);
    if (!text || note.dataset.live) return;
    const limit = Number(text.dataset.limit);
    const show = () => {
      const left = limit - [...text.value].length;
      note.textContent = left < 0 ? `超出 ${-left} 字，最多 ${limit} 字` : `还可写 ${left} 字`;
      note.classList.toggle("is-over", left < 0);
    };
    note.dataset.live = "1";
    text.addEventListener("input", show);
    if (text.value) show();
  }

  // the name of the file chosen
  function named(note) {
    const input = document.getElementById(note.dataset.fileOf);
    if (!input || note.dataset.live) return;
    note.dataset.live = "1";
    input.addEventListener("change", () => {
      const names = [...input.files].map((file) => file.name);
      note.textContent = names.length ? names.join("、") : note.dataset.empty;
    });
  }

  // ticked rows: the row is marked, the bar says how many
  function selection(table) {
    if (table.dataset.live) return;
    table.dataset.live = "1";
    const boxes = () => [...all("tbody input[type=checkbox]", table)];
    const whole = table.querySelector("thead input[type=checkbox]");
    const bar = document.getElementById(table.dataset.select);
    const show = () => {
      const on = boxes().filter((box) => box.checked);
      boxes().forEach((box) => box.closest("tr").classList.toggle("is-on", box.checked));
      if (whole) {
        whole.checked = on.length > 0 && on.length === boxes().length;
        whole.indeterminate = on.length > 0 && !whole.checked;
      }
      if (!bar) return;
      bar.hidden = on.length === 0;
      const number = bar.querySelector("[data-selected]");
      if (number) number.textContent = String(on.length);
    };
    table.addEventListener("change", (event) => {
      if (event.target === whole) boxes().forEach((box) => { box.checked = whole.checked; });
      show();
    });
    show();
  }

  // leaving a form with something written in it asks first
  let dirty = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-guard]")) dirty = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });

  // a second click sends nothing a second time
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "post") return;
    if (event.target.dataset.sent) {
      event.preventDefault();
      return;
    }
    dirty = false;
    event.target.dataset.sent = "1";
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of all("form[data-sent]")) delete form.dataset.sent;
    for (const button of all("[aria-busy]")) button.removeAttribute("aria-busy");
  });

  document.addEventListener("click", (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy && navigator.clipboard) {
      const source = document.getElementById(copy.dataset.copy);
      navigator.clipboard.writeText(source ? source.textContent.trim() : copy.dataset.copy).then(() => {
        const before = copy.textContent;
        copy.textContent = "已复制";
        setTimeout(() => { copy.textContent = before; }, 2000);
      });
    }
    if (event.target.closest("[data-print]")) window.print();
    for (const menu of all("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const disabled = event.target.closest("[aria-disabled=true]");
    if (disabled) event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  function enliven(root) {
    all("[data-count-of]", root).forEach(count);
    all("[data-file-of]", root).forEach(named);
    all("table[data-select]", root).forEach(selection);
    for (const button of all("[data-copy], [data-print]", root)) button.hidden = false;
    // Where the tabs do not fit the window, the current one is in sight.
    for (const tab of all(".tabs > [aria-current]", root)) {
      tab.parentElement.scrollLeft = tab.offsetLeft - (tab.parentElement.clientWidth - tab.offsetWidth) / 2;
    }
    const summary = root.querySelector("[data-focus]");
    if (summary) summary.focus();
  }

  enliven(document);
  document.addEventListener("htmx:load", (event) => enliven(event.target));
})();
