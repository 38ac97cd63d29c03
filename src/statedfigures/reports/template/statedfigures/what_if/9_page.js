// The sliders, and what happens on the page when a reader moves one.

const WHILE_MOVING = 1024, AT_REST = 150, SPOKEN = 700;

const onPaper = place => {
  const words = document.createElement("p");
  words.className = "on-paper";
  words.textContent = "This copy shows values that a reader chose, under “Try other values”. "
    + "Everything else in it is as published.";
  place.prepend(words);
  return words;
};

const follow = root => {
  const one = selector => root.querySelector(selector);
  const all = selector => [...root.querySelectorAll(selector)];
  const data = JSON.parse(one(".engine").textContent), title = document.title;
  const printed = onPaper(root.closest("article, main, body"));
  const held = new Map();
  let drawn;
  // Made when a reader first moves something: most never do.
  const draws = () => drawn ??= drawsFrom(data.points);
  const views = data.series.map(model =>
    seriesView(one(`.followed[data-series="${model.id}"]`), model, data, held, draws));
  const controls = new Map(all(".what-if-controls > li").map(item => {
    const [slider, stands] = [item.querySelector("input"), item.querySelector(".stands")];
    return [slider.name, {item, slider, stands, row: data.assumptions[slider.name],
      back: item.querySelector(".back"), label: item.querySelector("label").textContent,
      words: stands.textContent, spoken: slider.getAttribute("aria-valuetext")}];
  }));
  let view = views[0], told = "", frame = 0, resting = 0, speaking = 0;

  // Take the value that the slider takes: in its range, on one of its steps.
  const hold = (id, value) => {
    const {slider, row} = controls.get(id);
    slider.value = value;
    held.set(id, slider.valueAsNumber);
    const isPublished = row.distribution === "fixed" && slider.valueAsNumber === row.central;
    // A fan needs one form at least.
    if (isPublished || !views.every(({model}) => hasForm(model, data.assumptions, held))) {
      held.delete(id);
    }
    return slider.valueAsNumber;
  };

  const showControl = (id, {item, slider, stands, back, row, words, spoken}) => {
    const isHeld = held.has(id), unit = row.unit === "percent" ? "percent" : "";
    const now = isHeld ? "held at " + withUnit(digits(held.get(id)), unit) : "";
    item.classList.toggle("is-held", isHeld);
    back.hidden = !isHeld;
    stands.textContent = now || words;
    slider.setAttribute("aria-valuetext", now || spoken);
    if (!isHeld) slider.value = row.central;
  };

  const showWhose = () => {
    const isHeld = held.size > 0;
    root.classList.toggle("is-held", isHeld);
    for (const part of all(".when-held")) part.hidden = !isHeld;
    for (const part of all(".when-published")) part.hidden = isHeld;
    one(".reset").disabled = printed.hidden = !isHeld;
    document.title = isHeld ? "Your values – " + title : title;
  };

  const showKept = () => {
    const kept = [...controls].filter(([id]) => held.has(id)), link = one(".kept");
    one(".held").replaceChildren(...kept.map(([, {label, stands, spoken}]) => {
      const item = document.createElement("li");
      item.textContent = `${label}: ${stands.textContent} (published: ${spoken})`;
      return item;
    }));
    const address = addressOf(kept.map(([id, {slider}]) => [id, slider.value]));
    link.href = address;
    link.textContent = location.href.split("#")[0] + address;
    const asked = location.hash.startsWith(ADDRESS), bare = location.pathname + location.search;
    if (held.size || asked) history.replaceState(history.state, "", held.size ? address : bare);
  };

  const refresh = (count, shown) => {
    for (const each of shown) {
      const words = each.refresh(count);
      if (each !== view) continue;
      told = words.told;
      one(".what-if-strip").classList.toggle("is-held", words.isHeld);
      one(".what-if-strip").replaceChildren(view.small, words.brief);
    }
    const points = one("[data-field=points]");
    points.textContent = digits(count);
    points.value = String(count);
  };

  const speak = () => {
    const whose = held.size ? one(".when-held strong") : one(".when-published");
    one("[role=status]").textContent = whose.textContent.trim() + " " + told;
  };

  // With all points and for every series: the numbers that Python gives.
  const settle = () => {
    cancelAnimationFrame(frame);
    clearTimeout(resting);
    clearTimeout(speaking);
    frame = 0;
    refresh(data.draws, views);
    for (const [id, control] of controls) showControl(id, control);
    showWhose();
    showKept();
    speaking = setTimeout(speak, SPOKEN);
    root.dataset.state = "settled";
  };

  // While a slider moves: with fewer points, and the series that is looked at.
  const move = id => {
    root.dataset.state = "moving";
    showControl(id, controls.get(id));
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      refresh(Math.min(WHILE_MOVING, data.draws), [view]);
      showWhose();
    });
    clearTimeout(resting);
    resting = setTimeout(settle, AT_REST);
  };

  const look = chosen => {
    view = chosen;
    for (const each of views) each.figure.classList.toggle("is-shown", each === view);
    for (const {item} of controls.values()) {
      item.hidden = !item.dataset.series.split(" ").includes(view.model.id);
    }
    for (const radio of all("[type=radio]")) radio.checked = radio.value === view.model.id;
  };

  const readAddress = () => {
    if (!location.hash.startsWith(ADDRESS)) return false;
    const {pairs, isStrange} = heldIn(location.hash, controls);
    held.clear();
    const moved = pairs.filter(([id, value]) => hold(id, value) !== value);
    one(".refused").hidden = !isStrange && !moved.length;
    const counts = views.map(each => each.heldCount());
    look(views[counts.indexOf(Math.max(...counts))]);
    settle();
    root.scrollIntoView();
    return true;
  };

  for (const [id, {slider, back}] of controls) {
    slider.addEventListener("input", () => {
      hold(id, slider.value);
      move(id);
    });
    back.addEventListener("click", () => {
      held.delete(id);
      settle();
      slider.focus();
    });
  }
  for (const radio of all("[type=radio]")) radio.addEventListener("change", () => {
    look(views.find(({model}) => model.id === radio.value));
    settle();
  });
  one(".reset").addEventListener("click", () => {
    held.clear();
    one(".refused").hidden = true;
    settle();
    one("li:not([hidden]) > input").focus();
  });
  one(".copy").hidden = !navigator.clipboard;
  one(".copy").addEventListener("click", async () => {
    const copied = navigator.clipboard.writeText(one(".kept").textContent);
    one("[role=status]").textContent = await copied.then(
      () => "The address is copied.", () => "Copy the address by hand, please.");
  });
  window.addEventListener("hashchange", readAddress);

  look(view);
  one(".needs-script").hidden = true;
  one(".what-if-body").hidden = false;
  if (readAddress()) return;
  refresh(data.draws, views);
  showWhose();
  root.dataset.state = "settled";
};

for (const root of document.querySelectorAll(".what-if")) follow(root);
