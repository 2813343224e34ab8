// Keys and small comforts. Everything works without it, by forms and links alone.
(() => {
  "use strict";
  const typing = (at) => at.closest("input, textarea, select, [contenteditable]");
  const opens = (name) => document.querySelector(`[data-key="${name}"]`);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (typing(event.target)) return;
    // What had the focus may be gone from sight: a dialog that has just closed.
    const free = event.target === document.body || event.target.id === "main" || !event.target.checkVisibility();
    if (event.key === "Enter" && !free) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const found = opens(key);
    if (!found) return;
    event.preventDefault();
    if (found.matches("input, textarea, select")) { found.focus(); found.select?.(); } else { found.click(); }
  });

  // A dialog is opened and closed by name; the browser keeps the focus within.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (dialog && !dialog.open) { event.preventDefault(); dialog.showModal(); dialog.querySelector("[data-first]")?.focus(); }
    }
    if (event.target.closest("[data-close]")) { event.preventDefault(); event.target.closest("dialog")?.close(); }
  });

  // What a person is about to do that cannot be undone is asked once.
  document.addEventListener("submit", (event) => {
    const ask = event.submitter?.dataset.ask ?? event.target.dataset.ask;
    if (ask && !window.confirm(ask)) { event.preventDefault(); return; }
    event.target.querySelectorAll("[data-once]").forEach((button) => setTimeout(() => { button.disabled = true; }, 0));
  });

  // Filters apply as they are changed.
  document.addEventListener("change", (event) => {
    if (event.target.closest("form[data-auto]")) event.target.form.requestSubmit();
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status >= 400 && event.detail.xhr.status < 500) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });
})();
