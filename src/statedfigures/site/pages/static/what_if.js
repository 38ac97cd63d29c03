// Try other values: sliders beside a chart, which redraw its projection with the numbers of Python.
// Each formula names the Python function that it repeats; the payload is made in display/what_if.py.
(() => {
  "use strict";
  const TINY = Number.EPSILON, WHILE_MOVING = 1024, AT_REST = 150, KEY = "try=";

  // scipy.special.ndtri. M. J. Wichura, Algorithm AS 241: The Percentage Points of the Normal
  // Distribution, Applied Statistics 37(3), 1988, pages 477-484, routine PPND16; its third part
  // is for shares below 1e-11, where no point lies.
  const MIDDLE = [
    [3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
      45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727],
    [1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077,
      21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610]];
  const TAIL = [
    [1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550,
      3.64784832476320460504, 1.27045825245236838258, 0.241780725177450611770,
      0.0227238449892691845833, 7.74545014278341407640e-4],
    [1, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550,
      0.148103976427480074590, 0.0151986665636164571966, 5.47593808499534494600e-4,
      1.05075007164441684324e-9]];
  const polynomial = (terms, x) => terms.reduceRight((sum, term) => sum * x + term, 0);
  const ratio = ([above, below], x) => polynomial(above, x) / polynomial(below, x);
  const normal = share => {
    const off = share - 0.5;
    if (Math.abs(off) <= 0.425) return off * ratio(MIDDLE, 0.180625 - off * off);
    const depth = Math.sqrt(-Math.log(off < 0 ? share : 1 - share));
    return Math.sign(off) * ratio(TAIL, depth - 1.6);
  };

  // assumptions.sobol_points, from assumptions.direction_numbers
  const pointsOf = numbers => {
    const points = new Float64Array(2 ** (numbers.length - 1));
    let whole = numbers[0];
    points[0] = (whole + 0.5) / 2 ** 30;
    for (let place = 1; place < points.length; place++) {
      whole ^= numbers[32 - Math.clz32(place & -place)];
      points[place] = (whole + 0.5) / 2 ** 30;
    }
    return points;
  };

  // qualifiers.triangular, uniform_between, truncated_exponential
  const triangular = (uniform, low, mode, high) => {
    const width = high - low;
    return uniform * width <= mode - low
      ? low + Math.sqrt(uniform * width * (mode - low))
      : high - Math.sqrt((1 - uniform) * width * (high - mode));
  };
  const uniformBetween = (uniform, low, _, high) => low + uniform * (high - low);
  const exponential = (uniform, floor, mean, cap) => floor
    - mean * Math.log1p(-Math.min(uniform * -Math.expm1(-(cap - floor) / mean), 1 - TINY));
  const SHAPES = {triangular, exponential, uniform: uniformBetween};

  // assumptions.value_at
  const valueAt = ([low, central, high, distribution], uniform) =>
    distribution === "fixed" ? central : SHAPES[distribution](uniform, low, central, high);

  // qualifiers.Qualifier.draws: ends are linear in the width, but no nearer than rounding allows
  const drawValue = ({shape, ends}, width, uniform) => {
    const [low, mode, high] = ends.map(([at, by, least], place) => {
      const end = at + by * (shape === "exponential" ? Math.max(width, TINY) : width);
      return least === null ? end : place ? Math.max(end, least) : Math.min(end, least);
    });
    return Math.max(SHAPES[shape](uniform, low, mode, high), 0);
  };

  // projection._level
  const levelOf = (level, symbols, uniform) => {
    const value = drawValue(level, symbols[level.width] ?? 0, uniform);
    if (!level.part) return value;
    const [counted, days, isProjected] = level.part;
    const elapsed = "cutoff" in symbols ? symbols.cutoff / days : counted;
    return value * (isProjected ? elapsed : 1) * (1 + (1 - elapsed) / elapsed * symbols.rest_of_year);
  };

  // projection._level_beside
  const levelBeside = (model, level, symbols, uniform) => {
    const [kind, by] = model.start.way;
    const change = drawValue(model.start, symbols[model.start.width] ?? 0, uniform);
    const factor = kind === "rate" ? 1 + by * change : kind === "inverse" ? 1 / change : change;
    return model.stands_before ? level * factor : level / factor;
  };

  // projection.draw_symbols and future: the levels of each year for `count` draws
  const levelsOf = (model, points, held, count) => {
    const {maximum, stated, years} = model;
    const scaled = level => Math.log(maximum === null ? level : level / (maximum - level));
    const back = value => maximum === null ? Math.exp(value) : maximum / (1 + Math.exp(-value));
    const clipped = level => maximum === null || level < maximum ? level : (stated + maximum) / 2;
    const levels = Array.from({length: years + 1}, () => new Float64Array(count));
    const first = new Map();
    for (const [name, id] of model.rows) if (!first.has(id)) first.set(id, name);
    for (let draw = 0; draw < count; draw++) {
      const symbols = {base_step: 1};
      for (const [name, id] of model.rows) {
        symbols[name] = held.get(id)
          ?? valueAt(model.assumptions[id], points[first.get(id)][draw]);
      }
      const level = levelOf(model.base, symbols, points.base[draw]);
      const other = model.start.way
        ? levelBeside(model, level, symbols, points.start[draw])
        : levelOf(model.start, symbols, points.start[draw]);
      const [start, base] = (model.stands_before ? [level, other] : [other, level]).map(clipped);
      const growth = (scaled(base) - scaled(start)) / (model.growth_years ?? symbols.growth_years);
      const from = scaled(clipped(base * symbols.base_step));
      for (let year = 0, power = 1, sum = 0; year <= years; year++) {
        levels[year][draw] = back(from + symbols.growth_continues * growth * sum
          + symbols.volatility * Math.sqrt(year) * points.chance[draw]);
        power *= symbols.damping;
        sum += power;
      }
    }
    return levels;
  };

  // numpy.quantile
  const quantile = (sorted, share) => {
    const place = share * (sorted.length - 1), below = Math.floor(place);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
  };

  // headline.outlook and message
  const outlook = (model, base, level) => {
    const [threshold, unit, likely] = model.rule, draws = level.length;
    let higher = 0, lower = 0;
    for (let draw = 0; draw < draws; draw++) {
      const change = level[draw] - base[draw];
      const size = unit === "percentage_points" ? change : 100 * change / base[draw];
      if (size > threshold) higher++;
      if (size < -threshold) lower++;
    }
    const needed = likely + 2 * Math.sqrt(likely * (1 - likely) / draws);
    const shares = [["likely rise", higher], ["likely fall", lower],
      ["little change", draws - higher - lower]];
    return (shares.find(([, share]) => share / draws >= needed) ?? ["cannot tell"])[0];
  };

  // headline.printed_digits, printed_step and sampling_error
  const stepOf = (model, sorted) => {
    const [low, middle, high] = [0.25, 0.5, 0.75].map(share => quantile(sorted, share));
    const off = 0.5 / Math.sqrt(sorted.length);
    const error = (quantile(sorted, 0.5 + off) - quantile(sorted, 0.5 - off)) / 2;
    const step = figures => 10 ** (Math.floor(Math.log10(middle)) - figures + 1);
    let figures = high - low < middle / 5 ? 3 : 2;
    while (figures > 1 && step(figures) < 2 * error) figures--;
    return model.is_count ? Math.max(step(figures), 1) : step(figures);
  };

  // formats.computed_text
  const SIGNS = {percent: ["", "%"], gbp: ["£", ""], eur: ["€", ""], usd: ["US$", ""]};
  const written = (value, decimals, least = decimals) => value.toLocaleString("en-GB",
    {minimumFractionDigits: least, maximumFractionDigits: decimals}).replace("-", "−");
  const computedText = (value, unit, step, way = "round") => {
    const shown = Math[way](Number((value / step).toPrecision(9))) * step;
    const [before, after] = SIGNS[unit] ?? ["", ""];
    if (unit === "seconds") {
      const time = [3600, 1800, 600, 300, 60, 30, 10, 5].find(time => time <= step) ?? 1;
      const all = Math[way](value / time) * time, minutes = Math.floor(all / 60);
      return minutes ? minutes + " min " + all % 60 + " s" : all + " s";
    }
    const [size, words] = [[1e12, " trillion"], [1e9, " billion"], [1e6, " million"]]
      .find(([size]) => Math.abs(shown) >= size) ?? [1, ""];
    const decimals = Math.max(0, -Math.floor(Math.log10(step / size) + 1e-9));
    return before + written(shown / size, decimals) + words + after;
  };

  const filled = (element, attributes, inside) => {
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    element.append(...inside);
    return element;
  };
  const make = (tag, attributes = {}, ...inside) =>
    filled(document.createElement(tag), attributes, inside);
  const draw = (tag, attributes = {}, ...inside) =>
    filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, inside);
  const ink = name => "var(--chart-" + name + ")";

  // One drawing of the chart: the reader's own values in orange over the published ones as dashes.
  const pictureOf = (svg, model) => {
    const numbers = name => svg.dataset[name].split(" ").map(Number);
    const [left, top, width, height] = numbers("plot"), [x0, x1] = numbers("x");
    const [y0, y1] = numbers("y"), isWide = svg.viewBox.baseVal.width > 500;
    const x = year => left + (x1 - model.years + year - x0) / (x1 - x0) * width;
    const y = value => top + (y1 - value) / (y1 - y0) * height;
    const size = isWide ? 14 : 13;
    const plot = draw("svg", {x: left, y: top, width, height, overflow: "hidden",
      viewBox: [left, top, width, height].join(" ")});
    const labels = draw("g", {"font-size": size});
    const own = draw("g", {"data-mark": "own", visibility: "hidden"}, plot, labels);
    const line = draw("line", {y1: top, y2: top + height, stroke: ink("text"), visibility: "hidden"});
    const marks = names => names.flatMap(name => [...svg.querySelectorAll(`[data-mark="${name}"]`)]);
    const replaced = marks(["band90", "band50", "label-end", "low", "high", "central"]);
    // Under the dots, the axes and what was published.
    marks(["band50"])[0].after(own);
    svg.append(line);
    const dashed = marks(["edge-0.05", "middle", "edge-0.95"]);
    const show = (rows, texts) => {
      own.setAttribute("visibility", rows ? "visible" : "hidden");
      for (const mark of replaced) mark.setAttribute("visibility", rows ? "hidden" : "visible");
      for (const mark of dashed) mark.setAttribute("stroke-dasharray", rows ? "4 3" : "none");
      if (!rows) return;
      const along = place => rows.map((row, year) => [x(year), y(row[place])].map(
        value => value.toFixed(2)).join(","));
      const band = (low, high, opacity) => draw("polygon", {fill: ink("orange"),
        "fill-opacity": opacity, points: [...along(low), ...along(high).reverse()].join(" ")});
      plot.replaceChildren(band(0, 4, 0.18), band(1, 3, 0.3), draw("polyline",
        {points: along(2).join(" "), fill: "none", stroke: ink("orange"), "stroke-width": 2.5}));
      let free = top - size;
      labels.replaceChildren(...texts.sort((a, b) => b[0] - a[0]).map(([value, words, color]) => {
        free = Math.max(free + 1.2 * size, y(Math.min(value, y1)));
        return draw("text", {x: left + width + 6, y: free, "dominant-baseline": "central",
          fill: ink(color), "font-weight": color === "orange" ? "bold" : "normal"},
        (value > y1 ? "↑ " : "") + words);
      }));
    };
    const point = year => {
      line.setAttribute("visibility", year === null ? "hidden" : "visible");
      for (const end of ["x1", "x2"]) line.setAttribute(end, x(year ?? 0));
    };
    const yearAt = clientX => {
      const box = svg.getBoundingClientRect(), scale = svg.viewBox.baseVal.width / box.width;
      const place = (clientX - box.left) * scale;
      const year = Math.round((place - x(0)) / (x(1) - x(0)));
      return place < x(0) - 12 || place > left + width + 12 ? null : Math.min(Math.max(year, 0), model.years);
    };
    return {svg, isWide, show, point, yearAt};
  };

  const follow = (name, model) => {
    const block = document.querySelector(`.what-if[data-chart="${name}"]`);
    const figure = block && block.closest("figure");
    if (!figure) return;
    const pictures = [...figure.querySelectorAll("svg[data-plot]")].map(svg => pictureOf(svg, model));
    const held = new Map(Object.entries(model.held)), moved = new Map();
    const {step, message, published: rows} = model, published = {rows, step, message};
    let points, now = published, resting = 0, frame = 0, year = null;

    const computed = count => {
      points ??= Object.fromEntries(Object.entries(model.points).map(([name, numbers]) =>
        [name, name === "chance" ? pointsOf(numbers).map(normal) : pointsOf(numbers)]));
      const levels = levelsOf(model, points, new Map([...held, ...moved]), count);
      const message = outlook(model, levels[0], levels.at(-1));
      const rows = levels.map(values => {
        values.sort();
        return model.levels.map(share => quantile(values, share));
      });
      return {rows, message, step: stepOf(model, levels.at(-1))};
    };
    const text = (value, way, step = now.step) => computedText(value, model.unit, step, way);
    // formats.range_text: a small low end keeps one digit of its own
    const range = (row, low, high) => text(row[low], "floor", Math.min(now.step,
      10 ** Math.floor(Math.log10(row[low])))) + "–" + text(row[high], "ceil");

    // The sliders.
    const told = make("p", {class: "told", role: "status"});
    const reset = make("button", {type: "button", class: "reset", disabled: ""}, "Back to the published values");
    const controls = model.controls.map(control => {
      const [low, central, high] = control.values, id = name + "-" + control.id;
      const words = (value, least, number = written(value * control.factor, control.decimals, least)) =>
        number + (number === "1" ? control.after_one : control.after);
      const start = held.get(control.id) ?? central;
      const slider = make("input", {type: "range", id, min: low, max: high, step: control.step,
        value: start, autocomplete: "off"});
      const stands = make("output", {for: id});
      const place = (start - low) / (high - low), note = make("span", {}, "published " + words(start, 0));
      const tick = make("span", {class: "tick"}, note);
      tick.style.left = `calc(8px + ${place} * (100% - 16px))`;
      note.style.transform = `translateX(-${100 * place}%)`;
      const track = make("span", {class: "track"}, slider, tick);
      const element = make("div", {class: "slider"}, make("label", {for: id}, control.label),
        stands, track);
      const show = () => {
        const value = moved.get(control.id);
        element.classList.toggle("is-moved", value !== undefined);
        if (value === undefined) slider.value = start;
        stands.value = value === undefined ? "" : words(value);
        slider.setAttribute("aria-valuetext", value === undefined ? "as published" : words(value));
      };
      slider.addEventListener("input", () => {
        moved.set(control.id, slider.valueAsNumber);
        show();
        move();
      });
      return {control, slider, show, element};
    });

    const redraw = count => {
      now = moved.size ? computed(count) : published;
      const last = now.rows.at(-1), before = rows.at(-1)[2];
      for (const picture of pictures) {
        const [mine, was, most] = picture.isWide
          ? ["Yours: middle ", "Published ", "90% range: " + range(last, 0, 4)]
          : ["Yours ", "Was ", "90% " + text(last[4], "ceil")];
        picture.show(moved.size ? now.rows : null, [[last[2], mine + text(last[2]), "orange"],
          [last[4], most, "muted"], [before, was + text(before, "round", model.step), "blue"]]);
      }
      read();
      reset.disabled = !moved.size;
    };
    const settle = () => {
      cancelAnimationFrame(frame);
      clearTimeout(resting);
      frame = 0;
      redraw(model.draws);
      const last = now.rows.at(-1);
      told.textContent = (moved.size ? "With your values " : "As published, ")
        + model.words[now.message] + ": middle " + text(last[2]) + ", 90% range "
        + range(last, 0, 4) + ".";
      // The address keeps what is held: #try=chart,assumption~0.5,assumption~2
      const mine = "#" + KEY + name + ",", bare = location.pathname + location.search;
      const pairs = [...moved].map(pair => pair.join("~")).join(",");
      if (moved.size) history.replaceState(history.state, "", bare + mine + pairs);
      else if (location.hash.startsWith(mine)) history.replaceState(history.state, "", bare);
      block.dataset.rows = JSON.stringify(now.rows);
      block.dataset.state = "settled";
    };
    const move = () => {
      block.dataset.state = "moving";
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        redraw(Math.min(WHILE_MOVING, model.draws));
      });
      clearTimeout(resting);
      resting = setTimeout(settle, AT_REST);
    };
    reset.addEventListener("click", () => {
      moved.clear();
      for (const control of controls) control.show();
      settle();
      controls[0].slider.focus();
    });

    const readAddress = () => {
      const [chart, ...pairs] = location.hash.split(",");
      if (chart !== "#" + KEY + name) return;
      moved.clear();
      for (const [id, value] of pairs.map(pair => pair.split("~"))) {
        const found = controls.find(({control}) => control.id === id);
        if (!found || !/^-?\d{1,12}(\.\d{1,12})?$/.test(value)) continue;
        found.slider.value = value;
        moved.set(id, found.slider.valueAsNumber);
      }
      for (const control of controls) control.show();
      rest.open = controls.slice(3).some(({control}) => moved.has(control.id));
      settle();
      figure.scrollIntoView();
    };

    // The read-out of a year: pointer, tap or arrow keys.
    const readout = make("p", {class: "readout", role: "status"}, " ");
    const read = () => {
      for (const picture of pictures) picture.point(year);
      const row = year === null ? null : now.rows[year];
      readout.textContent = row ? `${model.base_year + year}: middle ${text(row[2])}, 50% `
        + `${range(row, 1, 3)}, 90% ${range(row, 0, 4)}` : " ";
    };
    const readAt = (found, live) => {
      year = found;
      readout.ariaLive = live;
      read();
    };
    for (const {svg, yearAt} of pictures) {
      for (const kind of ["pointermove", "pointerdown"]) {
        svg.addEventListener(kind, event => readAt(yearAt(event.clientX), "off"));
      }
      svg.addEventListener("pointerleave", () => readAt(null, "off"));
      svg.setAttribute("tabindex", "0");
      svg.addEventListener("keydown", event => {
        const by = {ArrowLeft: -1, ArrowRight: 1}[event.key];
        if (!by) return;
        event.preventDefault();
        readAt(year === null ? model.years : Math.min(Math.max(year + by, 0), model.years), "polite");
      });
    }
    pictures.at(-1).svg.parentElement.after(readout);

    // What stands without a script gives way to the sliders.
    block.querySelector("details").hidden = true;
    const others = controls.slice(3);
    const rest = make("details", {}, make("summary", {}, "All other assumptions "
      + "(" + others.length + ")"), ...others.map(({element}) => element));
    block.prepend(make("h4", {}, "Try other values"),
      make("p", {class: "hint"}, "What moves it most. The chart redraws as you move a value."),
      ...controls.slice(0, 3).map(({element}) => element), ...(others.length ? [rest] : []), reset, told);
    for (const control of controls) control.show();
    block.dataset.state = "ready";
    window.addEventListener("hashchange", readAddress);
    readAddress();
  };

  const data = document.getElementById("what-if");
  if (data) for (const [name, model] of Object.entries(JSON.parse(data.textContent))) follow(name, model);
})();
