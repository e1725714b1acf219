// Makes the question page quicker; it works as a plain form without this. Counts an SMS as it is typed, and writes a
// placeholder where the cursor was.
(() => {
  const frame = document.querySelector("iframe.screen");
  if (frame) {
    // The page takes no answer here: whatever is tapped in it leads to the next page of this way.
    const listen = () => frame.contentDocument.addEventListener("click", (event) => {
      const tapped = event.target.closest("button, a");
      if (!tapped || tapped.search?.startsWith("?lang=")) return;
      event.preventDefault();
      if (tapped.matches("button") && frame.dataset.next) location = frame.dataset.next;
    });
    frame.addEventListener("load", listen);
    if (frame.contentDocument?.readyState === "complete") listen();
  }

  const form = document.querySelector("form.question");
  if (!form) return;
  const token = form.querySelector("[name=csrf_token]").value;
  let last = null;

  form.addEventListener("focusin", (event) => {
    if (event.target.matches("textarea, input:not([type])")) last = event.target;
  });

  const waiting = new Map();
  form.addEventListener("input", (event) => {
    const box = event.target;
    if (!box.dataset.count) return;
    clearTimeout(waiting.get(box));
    waiting.set(box, setTimeout(() => count(box), 250));
  });

  async function count(box) {
    const words = box.value;
    const body = new URLSearchParams({ text: words, language: box.dataset.count, first: form.dataset.first || "" });
    const reply = await fetch(form.dataset.countPath, { method: "POST", headers: { "X-CSRFToken": token }, body });
    if (!reply.ok || words !== box.value) return;
    const said = await reply.json();
    const place = document.getElementById(box.id + "-count");
    place.textContent = said.words;
    place.classList.toggle("long", said.segments > 1);
  }

  for (const code of document.querySelectorAll("code[data-insert]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = code.dataset.insert;
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      const box = last || form.querySelector("textarea");
      const start = box.selectionStart ?? box.value.length;
      box.setRangeText(code.dataset.insert, start, box.selectionEnd ?? start, "end");
      box.focus();
      box.dispatchEvent(new Event("input", { bubbles: true }));
    });
    code.replaceWith(button);
  }
})();
