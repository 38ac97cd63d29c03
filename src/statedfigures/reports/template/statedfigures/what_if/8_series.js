// What follows a reader's values for one series: its words, its numbers and its fan.

// Numbers of a fan by the names of their fields: the quantile and the year.
const rowsOf = (model, names, read) => Array.from(
  {length: model.horizon_year - model.base.year + 1}, (_, place) => {
    const year = model.base.year + place;
    return {year, ...Object.fromEntries(names.map(name => [name, read(name, year, place)]))};
  });

const fill = (template, shown) => template.replace(/\{([\w-]+)\}/g, (_, name) => shown[name]);

// `held` is the reader's, and changes while the page is open.
const seriesView = (figure, model, data, held, draws) => {
  const fields = new Map(), names = data.names.map(([name]) => name);
  for (const field of figure.querySelectorAll("[data-field]")) {
    const name = field.dataset.field;
    fields.set(name, [...fields.get(name) ?? [], field]);
  }
  const published = new Map([...fields].map(([name, [field]]) =>
    [name, [field.textContent, field.value && Number(field.value)]]));
  const before = rowsOf(model, names, (name, year) => published.get(name + "-" + year)[1]);
  const fan = fanDrawer(model, names, before, figure.querySelector("table").id + "-drawn");
  figure.querySelector(".fan").append(fan.svg);

  // How much is held of some assumptions: 0 nothing, 2 all that varies, else 1.
  const isHeld = id => held.has(id);
  const state = ids => !ids.some(isHeld) ? 0
    : ids.every(id => isHeld(id) || data.assumptions[id].distribution === "fixed") ? 2 : 1;
  // What the numbers of the series rest on, and what its words rest on too.
  const drawn = [...new Set(model.rows.map(([, id]) => id))];
  const read = [...drawn, ...Object.values(data.rules)];

  // display/heading.py: thresholds
  const rules = () => Object.fromEntries(Object.entries(data.rules).map(
    ([field, id]) => [field, held.get(id) ?? data.assumptions[id].central]));

  const workedOut = count => {
    const {base, fan: years, middle} = projectHeld(
      model, data.assumptions, draws(), held, data.levels, count);
    const places = Object.fromEntries(
      data.names.map(([name, level]) => [name, data.levels.indexOf(level)]));
    const rows = rowsOf(model, names, (name, year, place) =>
      (place ? years[place - 1] : base)[places[name]]);
    const way = direction(data.levels, years.at(-1), base[data.levels.indexOf(0.5)], rules());
    const numbers = rows.flatMap(row => names.map(name => [name + "-" + row.year, row[name]]));
    const texts = [...numbers, ["middle", middle]].map(([name, value]) =>
      [name, [computedText(value, model.unit), value]]);
    return {rows, texts: [...texts, ["way", [data.ways[way]]]]};
  };

  // Write all anew, worked out with some of the points; as published where nothing is held.
  const refresh = count => {
    const now = state(read), ranges = state(drawn), shown = {};
    const {rows, texts} = now ? workedOut(count) : {rows: before, texts: published};
    const words = Object.entries(model.words).map(([name, all]) =>
      [name, [all[Math.min(name === "over" ? ranges : now, all.length - 1)]]]);
    for (const [name, [text, value]] of [...texts, ...words]) {
      shown[name] = text;
      for (const field of fields.get(name) ?? []) {
        if (field.textContent !== text) field.textContent = text;
        if (field.value) field.value = String(value);
      }
    }
    fan.draw(rows, now > 0);
    fan.svg.setAttribute("aria-label", fill(shown.alt, shown));
    figure.classList.toggle("is-held", now > 0);
    return {told: fill(shown.told, shown), brief: fill(shown.brief, shown), isHeld: now > 0};
  };

  return {model, figure, small: fan.small, refresh, heldCount: () => read.filter(isHeld).length};
};
