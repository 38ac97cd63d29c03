// The script of every page: folds that open for a followed link, the panel that shows where
// a number comes from, and the switch that underlines all such numbers.
(() => {
  "use strict";
  const root = document.documentElement;
  const make = (tag, text, attributes = {}) => {
    const element = document.createElement(tag);
    element.textContent = text;
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    return element;
  };

  // The current page stays in view in the scrolling row of pages.
  const here = document.querySelector("nav.pages [aria-current]");
  if (here) {
    const row = here.closest("ul");
    row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
  }

  // A fold opens when a link leads into it.
  const reveal = () => {
    let id = "";
    try { id = decodeURIComponent(location.hash.slice(1)); } catch { return; }
    const target = id && document.getElementById(id);
    if (!target) return;
    let opened = target.matches("details:not([open])");
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      opened = opened || !fold.open;
      fold.open = true;
    }
    if (opened) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  document.addEventListener("click", event => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) reveal();
  });
  reveal();

  const held = document.getElementById("ledger");
  if (!held) return;
  const {numbers, entries} = JSON.parse(held.textContent);
  const rows = document.querySelectorAll("#rows > li");

  // The switch.
  const control = document.getElementById("switch");
  const turn = shown => {
    root.classList.toggle("show-numbers", shown);
    control.setAttribute("aria-pressed", String(shown));
  };
  control.hidden = false;
  control.addEventListener("click", () => {
    const shown = !root.classList.contains("show-numbers");
    turn(shown);
    const rest = location.pathname + location.search;
    if (shown && !location.hash) history.replaceState(null, "", "#show-numbers");
    if (!shown && location.hash === "#show-numbers") history.replaceState(null, "", rest);
  });
  if (location.hash === "#show-numbers") turn(true);

  // The panel.
  const panel = make("dialog", "", {class: "panel", "aria-labelledby": "panel-title"});
  document.body.append(panel);
  let source = null;
  const close = () => {
    if (!panel.open) return;
    panel.close();
    if (source) source.focus();
  };
  const listed = places => {
    const list = make("ul", "");
    for (const place of places) {
      list.append(rows[place].cloneNode(true));
    }
    return list;
  };
  const working = ([text, formula, sum], title) => {
    const words = sum || formula;
    if (!words) return title ? "Stated as such:" : text;
    return title || words.includes(text) ? words : text + ": " + words;
  };
  const show = (title, parts, from) => {
    const heading = make("h2", title, {id: "panel-title", tabindex: "-1"});
    const button = make("button", "×", {type: "button", class: "close", "aria-label": "Close"});
    button.addEventListener("click", close);
    panel.replaceChildren(heading, ...parts, button);
    if (!panel.open) panel.show();
    source = from;
    panel.scrollTop = 0;
    heading.focus();
  };
  const showNumber = (number, from) =>
    show(number[0], [make("p", working(number, true)), listed(number[3])], from);
  const showEntry = ([about, held, places], from) => {
    const groups = new Map();
    for (const place of held) {
      const number = numbers[place], key = JSON.stringify(number.slice(1));
      if (groups.has(key)) groups.get(key).push(number[0]);
      else groups.set(key, [number[0]]);
    }
    const parts = [...groups].flatMap(([key, texts]) => {
      const rest = JSON.parse(key);
      return [make("p", working([texts.join(", "), rest[0], rest[1]])), listed(rest[2])];
    });
    if (places.length) parts.push(listed(places));
    show(about || "Where this comes from", parts, from);
  };

  document.addEventListener("click", event => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (panel.contains(event.target)) {
      if (event.target.closest("a")) close();
      return;
    }
    const number = event.target.closest("[data-n]");
    const link = event.target.closest("a.why");
    if (number && numbers[number.dataset.n]) {
      event.preventDefault();
      showNumber(numbers[number.dataset.n], link);
    } else if (link) {
      const entry = entries[link.hash.replace("#why-", "")];
      if (!entry) return;
      event.preventDefault();
      showEntry(entry, link);
    } else if (!event.target.closest("a, button, summary, input, label")) {
      source = null;
      close();
    }
  });
  document.addEventListener("keydown", event => {
    if (event.key === "Escape") close();
  });
})();
