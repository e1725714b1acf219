(function () {
  var d = document, L = location, P = URLSearchParams, turn = 0, busy = 0, timer;
  function key() { return "heed" + L.pathname }
  function get(k) { try { return localStorage.getItem(k) } catch (e) { } }
  function put(k, v) { try { v ? localStorage.setItem(k, v) : localStorage.removeItem(k) } catch (e) { } }
  function tell(what) { var p = d.getElementById("net"); if (p) p.textContent = what ? p.dataset[what] : "" }
  function draft() {
    var t = d.getElementById("words");
    if (t && !t.value) t.value = get(key() + t.form.question.value) || "";
  }
  function show(html, url) {
    var e = d.documentElement, p = new DOMParser().parseFromString(html, "text/html").documentElement, h;
    e.lang = p.lang; e.innerHTML = p.innerHTML; history.replaceState(0, "", url.split("?")[0]); scrollTo(0, 0);
    if (h = d.querySelector("h1")) { h.tabIndex = -1; h.focus() }
    draft();
  }
  function send(body, wait) {
    var mine = ++turn, ctl = new AbortController();
    clearTimeout(timer); busy = 1; tell("saving"); put(key(), body);
    timer = setTimeout(function () { ctl.abort() }, 15e3);
    fetch(L.pathname, { method: "POST", body: new P(body), signal: ctl.signal }).then(function (r) {
      if (r.status > 499 || r.status == 429) throw 0;
      return r.text().then(function (html) {
        clearTimeout(timer); busy = 0; put(key());
        if (r.ok) put(key() + new P(body).get("question"));
        show(html, r.url);
      });
    }).catch(function () {
      if (mine != turn) return;
      clearTimeout(timer); busy = 0; tell("kept");
      timer = setTimeout(send, wait, body, Math.min(wait * 2, 3e4));
    });
  }
  d.addEventListener("submit", function (e) {
    var f = e.target, b = e.submitter, body;
    if (!b || f.getAttribute("action") != L.pathname) return;
    e.preventDefault();
    if (busy) return;
    body = new P(new FormData(f));
    if (b.name) body.append(b.name, b.value);
    send("" + body, 2e3);
  });
  d.addEventListener("input", function (e) { var t = e.target; if (t.id == "words") put(key() + t.form.question.value, t.value) });
  addEventListener("online", function () { var b = get(key()); if (b && !busy) send(b, 2e3) });
  draft();
  if (get(key())) send(get(key()), 2e3);
})();
