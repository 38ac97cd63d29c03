// The picture of a fan, drawn as display/charts_fan.py draws the published one.

const NAMESPACE = "http://www.w3.org/2000/svg";
const WIDTH = 360, HEIGHT = 240, RIGHT = 76, BOTTOM = 28, TOP = 14, GAP = 14, HEADROOM = 1.12;
const INK = name => "var(--chart-" + name + ")", FAN = "var(--fan, var(--chart-blue))";

const drawing = (tag, attributes, ...inside) => {
  const element = document.createElementNS(NAMESPACE, tag);
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  element.append(...inside);
  return element;
};

// display/style.py: apart
const apart = positions => {
  const blocks = [], mean = block => block.reduce((sum, one) => sum + one, 0) / block.length;
  const bottom = block => mean(block) - GAP * (block.length - 1) / 2;
  const top = block => bottom(block) + GAP * (block.length - 1);
  for (const position of positions) {
    blocks.push([position]);
    while (blocks.length > 1 && bottom(blocks.at(-1)) - top(blocks.at(-2)) < GAP) {
      blocks.at(-2).push(...blocks.pop());
    }
  }
  return blocks.flatMap(block => block.map((_, place) => bottom(block) + place * GAP));
};

// display/style.py: year_ticks
const yearTicks = (first, last, most = 5) => {
  for (let step = 1; step <= last - first; step++) {
    if ((last - first) % step === 0 && (last - first) / step < most) {
      return Array.from({length: (last - first) / step + 1}, (_, place) => first + place * step);
    }
  }
  return [first];
};

// display/scales.py and display/bands.py: set_log_scale, set_frame, height_share
const scaleOf = (wide, values) => {
  const low = Math.min(...values), high = Math.max(...values);
  if (!wide) return {share: value => value / (high * HEADROOM), lines: []};
  const [bottom, top] = [low / 1.5, high * 1.5].map(Math.log10), lines = [];
  for (let power = Math.ceil(bottom); power <= Math.floor(top); power++) lines.push(10 ** power);
  return {share: value => (Math.log10(value) - bottom) / (top - bottom), lines};
};

// `model` says what is drawn; `fan` is a list of rows, one for each year: the year and the values
// at the names of the quantiles. The published fan stays behind the reader's as dashed lines.
const fanDrawer = (model, names, published, id) => {
  const years = published.map(row => row.year), [first, last] = [years[0], years.at(-1)];
  const left = model.wide ? 76 : 24, across = WIDTH - left - RIGHT, up = HEIGHT - BOTTOM - TOP;
  const x = year => left + across * (year - first) / (last - first);
  const [lowest, lower, middle, upper, highest] = names;
  const band = opacity => drawing("polygon", {fill: FAN, "fill-opacity": opacity});
  const line = (attributes = {}) => drawing("polyline", {fill: "none", stroke: FAN,
    "stroke-width": 2.5, ...attributes});
  const dashes = {stroke: INK("text"), "stroke-width": 1.2, "stroke-dasharray": "5 3"};
  const text = (attributes, words = "") => drawing("text", {"font-size": 12, fill: INK("text"),
    stroke: "var(--page)", "stroke-width": 3, "paint-order": "stroke",
    "dominant-baseline": "central", ...attributes}, words);
  const wide = band(0.2), narrow = band(0.3), median = line(), dot = drawing("circle",
    {r: 4, cx: x(first), fill: FAN});
  const before = [lowest, middle, highest].map(name => [name, line(dashes)]);
  const outline = drawing("g", {}, ...before.map(([, one]) => one));
  const shapes = drawing("g", {id}, wide, narrow, median, dot, outline);
  const ends = names.map(name => text({x: WIDTH - RIGHT + 7,
    "font-weight": name === middle ? "bold" : "normal"}));
  const start = text({x: left - 4, "font-size": 13, "font-weight": "bold"});
  const ticks = yearTicks(first, last).map((year, place, all) => text({x: x(year),
    y: HEIGHT - BOTTOM + 12, fill: INK("muted"), "text-anchor":
      place === 0 ? "start" : place === all.length - 1 ? "end" : "middle"}, String(year)));
  const axis = line({points: [x(first), HEIGHT - BOTTOM, x(last), HEIGHT - BOTTOM],
    stroke: INK("grid"), "stroke-width": 1});
  const grid = drawing("g", {}), beyond = drawing("g", {});
  if (model.marked_from) {
    const edge = x(model.marked_from - 1);
    beyond.append(line({points: [edge, TOP, edge, HEIGHT - BOTTOM], stroke: INK("muted"),
      "stroke-width": 1, "stroke-dasharray": "4 3"}),
    text({x: edge + 4, y: TOP + 6, fill: INK("muted")}, "beyond the default horizon"));
  }
  const svg = drawing("svg", {class: "picture", viewBox: [0, 0, WIDTH, HEIGHT].join(" "),
    role: "img", "font-family": "Arial, Helvetica, sans-serif", "stroke-linejoin": "round"},
  grid, shapes, axis, beyond, ...ticks, start, ...ends);

  const draw = (fan, isHeld) => {
    const all = [...fan, ...published].flatMap(row => names.map(name => row[name]));
    const {share, lines} = scaleOf(model.wide, all);
    const y = value => HEIGHT - BOTTOM - up * share(value);
    const points = (rows, name) => rows.map(row => x(row.year).toFixed(1) + "," + y(row[name]).toFixed(1));
    const around = (low, high) => [...points(fan, low), ...points(fan, high).reverse()].join(" ");
    wide.setAttribute("points", around(lowest, highest));
    narrow.setAttribute("points", around(lower, upper));
    median.setAttribute("points", points(fan, middle).join(" "));
    dot.setAttribute("cy", y(fan[0][middle]));
    outline.setAttribute("visibility", isHeld ? "visible" : "hidden");
    for (const [name, one] of before) one.setAttribute("points", points(published, name).join(" "));
    start.setAttribute("y", y(fan[0][middle]) - 12);
    start.textContent = computedText(fan[0][middle], model.unit);
    const heights = names.map(name => up * share(fan.at(-1)[name])), moved = apart(heights);
    const lift = Math.max(0, GAP / 2 - 1 - moved[0]);
    ends.forEach((end, place) => {
      end.setAttribute("y", HEIGHT - BOTTOM - moved[place] - lift);
      end.textContent = computedText(fan.at(-1)[names[place]], model.unit);
    });
    grid.replaceChildren(...lines.flatMap(value => [
      line({points: [left, y(value), WIDTH - RIGHT, y(value)], stroke: INK("grid"),
        "stroke-width": 0.6}),
      text({x: left - 6, y: y(value), fill: INK("muted"), "text-anchor": "end"},
      roundedText(value, model.unit))]));
  };
  const room = 4;
  const small = drawing("svg", {viewBox: [left - room, TOP, across + 2 * room, up].join(" "),
    preserveAspectRatio: "none", "aria-hidden": true, focusable: false},
  drawing("use", {href: "#" + id}));
  return {svg, small, draw};
};
