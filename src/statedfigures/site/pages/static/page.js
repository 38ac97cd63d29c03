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

  // The list at the end of the page says where every number comes from; the panel shows a part.
  const rows = document.querySelectorAll("#rows > li");
  if (!rows.length) return;

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
    if (places) for (const place of places.textContent.split(", ")) list.append(rows[place - 1].cloneNode(true));
    return list;
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
  // A line of the list: numbers that come from the same rows in the same way.
  const partsOf = (line, lone) => {
    const how = line.querySelector("i"), numbers = [...line.querySelectorAll("b")].map(number => number.textContent);
    const words = how ? how.textContent : "stated as such";
    const said = lone || how && numbers.length === 1 && words.includes(numbers[0])
      ? words[0].toUpperCase() + words.slice(1) : numbers.join(", ") + ": " + words;
    return [make("p", said), listed(line.querySelector("data"))];
  };
  const showNumber = (held, from) => {
    const line = held.parentElement, parts = partsOf(line, true);
    if (!line.querySelector("data")) parts.push(listed(held.closest("li").querySelector(":scope > data")));
    show(held.textContent, parts, from);
  };
  const showEntry = (entry, from) => {
    const about = entry.querySelector(":scope > cite"), lines = [...entry.querySelectorAll(":scope > span")];
    show(about ? about.textContent : "Where this comes from",
      [...lines.flatMap(line => partsOf(line)), listed(entry.querySelector(":scope > data"))], from);
  };

  document.addEventListener("click", event => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (panel.contains(event.target)) {
      if (event.target.closest("a")) close();
      return;
    }
    const number = event.target.closest("[data-n]"), link = event.target.closest("a.why");
    const held = number ? document.getElementById("n-" + number.dataset.n)
      : link && document.getElementById(link.hash.slice(1));
    if (held) {
      event.preventDefault();
      (number ? showNumber : showEntry)(held, link);
    } else if (!event.target.closest("a, button, summary, input, label")) {
      source = null;
      close();
    }
  });
  document.addEventListener("keydown", event => {
    if (event.key === "Escape") close();
  });
})();
