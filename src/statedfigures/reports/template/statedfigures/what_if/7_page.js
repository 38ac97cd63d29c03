// What a reader holds, where it is kept, and what follows it on the page.

const WHILE_MOVING = 1024, AT_REST = 150, SPOKEN = 700;
const ADDRESS = "#what-if=";

const follow = root => {
  const data = JSON.parse(root.querySelector(".engine").textContent);
  const one = selector => root.querySelector(selector), all = selector => [...root.querySelectorAll(selector)];
  const controls = new Map(all(".what-if-controls > li").map(item => [item.querySelector("input").name, {
    item, slider: item.querySelector("input"), stands: item.querySelector(".stands"),
    back: item.querySelector(".back"), label: item.querySelector("label"),
    row: data.assumptions[item.querySelector("input").name],
    words: item.querySelector(".stands").textContent,
    spoken: item.querySelector("input").getAttribute("aria-valuetext"),
  }]));
  const held = new Map(), drawn = new Map();
  const title = document.title, names = data.names.map(([name]) => name);
  let frame = 0, resting = 0, speaking = 0;

  const drawsOf = model => {
    if (!drawn.has(model.points)) drawn.set(model.points, drawsFrom(data.points[model.points], data.draws));
    return drawn.get(model.points);
  };
  const yearsOf = model => Array.from(
    {length: model.horizon_year - model.base.year + 1}, (_, place) => model.base.year + place);

  // Each series with the places on the page that follow it, and what is published there.
  const views = data.series.map(model => {
    const figure = one(`.followed[data-series="${model.id}"]`), fields = new Map();
    for (const field of figure.querySelectorAll("[data-field]")) {
      const name = field.dataset.field;
      fields.set(name, [...fields.get(name) ?? [], field]);
    }
    const published = new Map([...fields].map(([name, [field]]) =>
      [name, {text: field.textContent, value: Number(field.getAttribute("value"))}]));
    const rows = yearsOf(model).map(year => ({year, ...Object.fromEntries(
      names.map(name => [name, published.get(name + "-" + year).value]))}));
    const fan = fanDrawer(model, names, rows, root.id + "-" + model.id + "-drawn");
    figure.querySelector(".fan").append(fan.svg);
    return {model, figure, fields, published, rows, fan};
  });
  let view = views[0];

  // 0 where nothing is held that the series reads, 2 where everything is that varies, else 1.
  const stateOf = ({model}) => {
    const read = [...new Set(model.rows.map(([, id]) => id))];
    if (!read.some(id => held.has(id))) return 0;
    return read.every(id => held.has(id) || data.assumptions[id].distribution === "fixed") ? 2 : 1;
  };

  const write = (fields, name, text, value) => {
    for (const field of fields.get(name) ?? []) {
      if (field.textContent !== text) field.textContent = text;
      if (value !== undefined) field.value = String(value);
    }
  };

  const fill = (template, shown) => template.replace(/\{([\w-]+)\}/g, (_, name) => shown[name]);

  // Write a series anew, worked out with some of its points; as published where nothing is held.
  const refresh = (shownView, count) => {
    const {model, fields, published, fan} = shownView, state = stateOf(shownView), shown = {};
    const set = (name, text, value) => {
      shown[name] = text;
      write(fields, name, text, value);
    };
    for (const name in model.words) set(name, model.words[name].at(Math.min(state, model.words[name].length - 1)));
    if (!state) {
      for (const [name, {text, value}] of published) set(name, text, fields.get(name)[0].value && value);
      fan.draw(shownView.rows, false);
    } else {
      const found = projectHeld(model, data.assumptions, drawsOf(model), held, data.levels, count);
      const rows = [found.base, ...found.fan].map((row, place) => ({year: model.base.year + place,
        ...Object.fromEntries(data.names.map(([name, level]) => [name, row[data.levels.indexOf(level)]]))}));
      for (const row of rows) {
        for (const name of names) set(name + "-" + row.year, computedText(row[name], model.unit), row[name]);
      }
      set("middle", computedText(found.middle, model.unit), found.middle);
      const way = direction(data.levels, found.fan.at(-1), found.base[data.levels.indexOf(0.5)], data.rules);
      set("way", data.ways[way]);
      fan.draw(rows, true);
    }
    shownView.figure.classList.toggle("is-held", state > 0);
    fan.svg.setAttribute("aria-label", fill(model.words.alt[0], shown));
    shownView.told = fill(model.words.told[0], shown);
    if (shownView !== view) return;
    const strip = one(".what-if-strip");
    strip.classList.toggle("is-held", state > 0);
    strip.replaceChildren(fan.small, fill(model.words.brief[0], shown));
  };

  const showControl = (id, control) => {
    const isHeld = held.has(id), {slider, row} = control;
    const number = isHeld ? withUnit(digits(held.get(id)), row.unit === "percent" ? "percent" : "") : "";
    control.item.classList.toggle("is-held", isHeld);
    control.back.hidden = !isHeld;
    control.stands.textContent = isHeld ? "held at " + number : control.words;
    slider.setAttribute("aria-valuetext", isHeld ? "held at " + number : control.spoken);
    if (!isHeld) slider.value = row.central;
  };

  // Give the value that the slider took: inside its range, on one of its steps.
  const hold = (id, value) => {
    const {slider, row} = controls.get(id);
    slider.value = value;
    if (row.distribution === "fixed" && slider.valueAsNumber === row.central) held.delete(id);
    else held.set(id, slider.valueAsNumber);
    return slider.valueAsNumber;
  };

  const showState = () => {
    const isHeld = held.size > 0;
    root.classList.toggle("is-held", isHeld);
    for (const part of all(".when-held")) part.hidden = !isHeld;
    for (const part of all(".when-published")) part.hidden = isHeld;
    one(".reset").disabled = !isHeld;
    document.title = isHeld ? "Your values – " + title : title;
    onPaper.hidden = !isHeld;
    for (const [id, control] of controls) showControl(id, control);
    const kept = [...controls.keys()].filter(id => held.has(id));
    one(".held").replaceChildren(...kept.map(id => {
      const {label, stands, spoken} = controls.get(id), item = document.createElement("li");
      item.textContent = label.textContent + ": " + stands.textContent + " (published: " + spoken + ")";
      return item;
    }));
    const fragment = ADDRESS + kept.map(id => id + ":" + controls.get(id).slider.value).join(",");
    const link = one(".kept");
    link.href = fragment;
    link.textContent = location.href.split("#")[0] + fragment;
    return fragment;
  };

  // With all points, for every series: the numbers that Python would give.
  const settle = () => {
    cancelAnimationFrame(frame);
    clearTimeout(resting);
    frame = resting = 0;
    for (const each of views) refresh(each, data.draws);
    showPoints(data.draws);
    const fragment = showState(), place = location.pathname + location.search;
    const asked = location.hash.startsWith(ADDRESS);
    if (held.size || asked) history.replaceState(history.state, "", held.size ? fragment : place);
    root.dataset.state = "settled";
    clearTimeout(speaking);
    speaking = setTimeout(() => {
      const whose = one(held.size ? ".when-held strong" : ".when-published").lastChild.textContent;
      one("[role=status]").textContent = whose.trim() + " " + view.told;
    }, SPOKEN);
  };

  const points = one("[data-field=points]");
  const showPoints = count => {
    points.textContent = digits(count);
    points.value = String(count);
  };

  const moved = id => {
    root.dataset.state = "moving";
    showControl(id, controls.get(id));
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      const count = Math.min(WHILE_MOVING, data.draws);
      refresh(view, count);
      showPoints(count);
      for (const part of all(".what-if-state .when-held")) part.hidden = !held.size;
      for (const part of all(".when-published")) part.hidden = held.size > 0;
    });
    clearTimeout(resting);
    resting = setTimeout(settle, AT_REST);
  };

  const look = id => {
    view = views.find(each => each.model.id === id) ?? view;
    for (const each of views) each.figure.classList.toggle("is-shown", each === view);
    for (const {item} of controls.values()) {
      item.hidden = !item.dataset.series.split(" ").includes(view.model.id);
    }
    for (const radio of all("[type=radio]")) radio.checked = radio.value === view.model.id;
  };

  // Whatever stands in the address is only ever looked up, read as a number, and put in range.
  const readAddress = () => {
    if (!location.hash.startsWith(ADDRESS)) return false;
    let words = "", refused = false;
    try {
      words = decodeURIComponent(location.hash.slice(ADDRESS.length));
    } catch {
      refused = true;
    }
    held.clear();
    for (const pair of words.split(",")) {
      const [id, value = "", ...rest] = pair.split(":");
      const isNumber = /^-?\d{1,15}(\.\d{1,15})?$/.test(value) && !rest.length;
      if (!controls.has(id) || !isNumber) refused = true;
      else if (hold(id, value) !== Number(value)) refused = true;
    }
    one(".refused").hidden = !refused;
    const counts = views.map(({model}) => new Set(model.rows.map(([, id]) => id)
      .filter(id => held.has(id))).size);
    look(views[counts.indexOf(Math.max(...counts))].model.id);
    settle();
    root.scrollIntoView();
    return true;
  };

  const onPaper = document.createElement("p");
  onPaper.className = "on-paper";
  onPaper.textContent = "This copy shows values that a reader chose, under “Try other values”. "
    + "Everything else in it is as published.";
  root.closest("article, main, body").prepend(onPaper);

  for (const [id, {slider, back}] of controls) {
    slider.addEventListener("input", () => {
      hold(id, slider.value);
      moved(id);
    });
    back.addEventListener("click", () => {
      held.delete(id);
      settle();
      slider.focus();
    });
  }
  for (const radio of all("[type=radio]")) radio.addEventListener("change", () => {
    look(radio.value);
    settle();
  });
  one(".reset").addEventListener("click", () => {
    held.clear();
    one(".refused").hidden = true;
    settle();
    controls.values().next().value.slider.focus();
  });
  one(".copy").hidden = !navigator.clipboard;
  one(".copy").addEventListener("click", async () => {
    const done = await navigator.clipboard.writeText(one(".kept").textContent).then(() => true, () => false);
    one("[role=status]").textContent = done ? "The address is copied." : "Copy the address by hand.";
  });
  window.addEventListener("hashchange", readAddress);

  look(view.model.id);
  one(".needs-script").hidden = true;
  one(".what-if-body").hidden = false;
  if (!readAddress()) {
    for (const each of views) refresh(each, data.draws);
    showState();
    root.dataset.state = "settled";
  }
};

for (const root of document.querySelectorAll(".what-if")) follow(root);
