// Keeps the lists and the texts fresh. Without it the page is the same; one reloads by hand.
(() => {
  "use strict";
  const parts = () => document.querySelectorAll("[data-live]");
  const texts = document.querySelector('[data-live="texts"]');
  const toEnd = () => { if (texts) texts.scrollTop = texts.scrollHeight; };
  toEnd();
  const words = (element) => element.textContent.replace(/\s+/g, " ");
  const refresh = async () => {
    if (document.hidden || document.activeElement?.closest?.('[data-live="list"]')) return;
    const answer = await fetch(location.pathname, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of parts()) {
      const next = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
      if (!next || words(next) === words(part)) continue;
      const atEnd = part.scrollHeight - part.scrollTop - part.clientHeight < 40;
      part.replaceChildren(...next.childNodes);
      if (part === texts && atEnd) toEnd();
    }
  };
  setInterval(() => refresh().catch(() => {}), 2000);
  const body = document.getElementById("body");
  body?.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); body.form.requestSubmit(); }
  });
})();
