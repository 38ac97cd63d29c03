(() => {
  "use strict";
  const held = document.getElementById("provenance");
  if (!held || !window.HTMLDialogElement) return;
  const data = JSON.parse(held.textContent), names = Object.keys(data.rows);
  const make = (tag, text, attributes = {}) => {
    const element = document.createElement(tag);
    element.textContent = text;
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    return element;
  };
  const dialog = make("dialog", "", {"class": "panel", "aria-labelledby": "panel-title"});
  const body = make("div", "");
  dialog.append(body);
  document.body.append(dialog);
  let source = null;

  const reference = address => (address.split("#")[1] || "").replace("-", ":");
  const addressOf = one => data.pages[one.split(":")[0]] + "#" + one.replace(":", "-");

  // What a number leads back to: its formula, if it was worked out, and its rows.
  const chainOf = element => {
    const own = element.dataset, link = element.getAttribute("href") || "";
    const working = own.working || (link.includes("#w-") ? link : "");
    if (!working) {
      const rows = (own.from || reference(link)).split(" ").filter(one => data.rows[one]);
      return rows.length ? {formula: own.formula || "", rows} : null;
    }
    const known = (data.workings || {})[working];
    if (known) {
      return {formula: known[0], rows: known.slice(1).map(one => names[one]), address: working};
    }
    const listed = document.getElementById(working.replace(/^.*#/, ""));
    if (!listed) return null;
    const rows = [...listed.closest("li").querySelectorAll("a")];
    return {formula: listed.textContent, address: "#" + listed.id,
      rows: rows.map(one => reference(one.getAttribute("href")))};
  };

  const entry = one => {
    const [label = one.split(":")[1], words, place] = data.rows[one] || [];
    const item = make("li", "");
    item.append(make("a", label, {href: addressOf(one)}));
    if (words) item.append(make("span", words));
    if (place) item.append(make("span", place, {"class": "place"}));
    return item;
  };

  const fill = (shown, chain) => {
    const list = make("ul", "");
    list.append(...chain.rows.map(entry));
    const close = make("button", "Close", {type: "button"});
    close.addEventListener("click", () => dialog.close());
    const title = make("h2", "Where “" + shown + "” comes from", {id: "panel-title", tabindex: "-1"});
    body.replaceChildren(title);
    if (chain.address) {
      const how = make("p", "Worked out: ");
      how.append(make("a", chain.formula || "taken together", {href: chain.address}));
      body.append(how, make("p", chain.rows.length ? "From:" : "Its rows are listed with the working."));
    }
    body.append(list, close);
    return title;
  };

  const place = () => {
    dialog.style.left = dialog.style.top = "";
    if (innerWidth < 640) return;
    const box = source.getBoundingClientRect(), gap = 8;
    const {width, height} = dialog.getBoundingClientRect();
    const below = box.bottom + gap, above = box.top - gap - height;
    const top = below + height < innerHeight || above < gap ? below : above;
    dialog.style.left = Math.max(gap, Math.min(box.left, innerWidth - width - 3 * gap)) + "px";
    dialog.style.top = Math.max(gap, Math.min(top, innerHeight - height - gap)) + "px";
  };

  document.addEventListener("click", event => {
    if (event.target === dialog) return dialog.close();
    if (dialog.contains(event.target)) {
      if (event.target.closest("a")) dialog.close();
      return;
    }
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const found = event.target.closest("a.quantity, svg [data-from], svg [data-working]");
    const chain = found && chainOf(found);
    const away = found && !chain && found.dataset.working;
    if (away) location.href = away;
    if (!chain) return;
    event.preventDefault();
    source = found;
    const title = fill(found.textContent.trim(), chain);
    dialog.showModal();
    title.focus();
    place();
  });
  dialog.addEventListener("close", () => source && source.focus && source.focus());
  for (const link of document.querySelectorAll("a.quantity")) {
    if (chainOf(link)) link.setAttribute("aria-haspopup", "dialog");
  }
})();
