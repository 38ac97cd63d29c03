// The engine: from values held by a reader to the fan, for one series.

// analysis/values.py: FORM_SLOTS
const FORM_SLOTS = ["no_change", "linear", "compound", "damped", "saturating"].map(
  form => "form_weight_" + form);

const at = (value, i) => typeof value === "number" ? value : value[i];

// What is drawn stays the same while a reader moves something else, and is kept.
const drawnOnce = (draws, name, slot, value) => {
  const key = name + " " + slot;
  if (!draws.drawn.has(key)) draws.drawn.set(key, draws.uniforms[slot].map(value));
  return draws.drawn.get(key);
};

// analysis/values.py: assumption_values; the weights of the forms are sent as fixed
const assumptionValues = (model, assumptions, draws, held) => {
  const values = {}, slotOf = new Map();
  for (const [slot, id] of model.rows) {
    const row = assumptions[id];
    if (!slotOf.has(id)) slotOf.set(id, slot);
    if (held.has(id)) values[slot] = held.get(id);
    else if (row.distribution === "fixed") values[slot] = row.central;
    else values[slot] = drawnOnce(draws, id, slotOf.get(id), uniform => assumedValue(row, uniform));
  }
  return values;
};

// analysis/engine.py: level_values, for one draw
const levelValue = (level, slot, values, draws, i) => {
  const {stated, rule} = level, uniform = draws.uniforms[slot][i];
  const width = at(values[slot + "_hedge"] ?? 0, i);
  if (!level.annualised) return SPREADS[rule](stated, width, uniform);
  const toDate = rule === "annualisation_remaining_rate"
    ? countToDate(stated.value, stated.elapsed)
    : SPREADS[rule](stated, width, uniform);
  const elapsed = at(values.annualisation_cutoff, i);
  const logSpread = at(values.annualisation_remaining_rate, i);
  return fullYear(toDate, elapsed, logSpread, draws.uniforms.rest_of_year[i]);
};

// analysis/engine.py: growth_values, for one draw
const spanOf = (model, values, i) =>
  model.start ? model.base.year - model.start.year : at(values.growth_period_years, i);
const growthValue = (model, values, draws, base, years, i) => {
  if (!model.start) {
    const halfWidth = at(values.start_hedge ?? 0, i);
    const multiple = 1 + aboutMultiple(model.rise, halfWidth, draws.uniforms.start[i]);
    return observedGrowth(1, multiple, years);
  }
  const level = Math.log(levelValue(model.start, "start", values, draws, i));
  const start = Math.exp(countNoise(level, at(values.overdispersion, i), draws.startCount[i]));
  return observedGrowth(start, base, years);
};

// analysis/forms.py: normalised_weights refuses a pool without a form, and so does the page.
const hasForm = (model, assumptions, held) => model.rows.some(([slot, id]) =>
  FORM_SLOTS.includes(slot) && (held.get(id) ?? assumptions[id].central) > 0);

// analysis/forms.py: chosen_form, for one draw: a race of exponential clocks
const chosenForm = (weights, clocks, i) => {
  let chosen = 0, first = Infinity;
  for (let form = 0; form < weights.length; form++) {
    const rings = weights[form] > 0 ? clocks[form][i] / weights[form] : Infinity;
    if (rings < first) [chosen, first] = [form, rings];
  }
  return chosen;
};

// analysis/engine.py: paths; gives for each step the values of `count` draws
const paths = (model, values, draws, steps, count) => {
  const found = steps.map(() => new Float64Array(count));
  const weights = FORM_SLOTS.map(slot => values[slot]);
  const clocks = FORM_SLOTS.map(slot => drawnOnce(
    draws, "clock", slot, uniform => -Math.log1p(-Math.min(uniform, 1 - TINY))));
  for (let i = 0; i < count; i++) {
    const factor = at(values.overdispersion, i);
    const level = Math.log(levelValue(model.base, "base", values, draws, i));
    const base = countNoise(level, factor, draws.baseCount[i]), years = spanOf(model, values, i);
    const observed = growthValue(model, values, draws, Math.exp(base), years, i);
    const growth = futureGrowth(
      observed, at(values.level_shift_share, i), at(values.growth_change, i));
    const shape = {spanYears: years, damping: at(values.damping, i),
      ceiling: at(values.saturation_ceiling, i)};
    const form = FORMS[chosenForm(weights, clocks, i)];
    const volatility = at(values.growth_volatility, i);
    const persistence = at(values.growth_persistence, i);
    for (let place = 0; place < steps.length; place++) {
      const step = steps[place];
      const path = form(growth, step, shape) + base
        + shocks(volatility, persistence, draws.laterGrowth[i], step);
      found[place][i] = Math.exp(countNoise(path, factor, draws.laterCount[i]));
    }
  }
  return found;
};

// analysis/quantiles.py: quantiles; sorts the values where they stand
const quantiles = (values, levels) => {
  values.sort();
  return levels.map(level => {
    const place = level * (values.length - 1), below = Math.floor(place);
    const above = Math.min(below + 1, values.length - 1), share = place - below;
    return values[below] * (1 - share) + values[above] * share;
  });
};

// analysis/held.py: project_held; `held` is a Map from the id of an assumption to its value
const projectHeld = (model, assumptions, draws, held, levels, count) => {
  const steps = Array.from({length: model.horizon_year - model.base.year}, (_, year) => year + 1);
  const values = assumptionValues(model, assumptions, draws, held);
  const base = Float64Array.from(
    {length: count}, (_, i) => levelValue(model.base, "base", values, draws, i));
  const told = new Map([...Object.entries(model.scenario), ...held]);
  const inScenario = assumptionValues(model, assumptions, draws, told);
  return {
    base: quantiles(base, levels),
    fan: paths(model, values, draws, steps, count).map(one => quantiles(one, levels)),
    middle: quantiles(paths(model, inScenario, draws, steps.slice(-1), count)[0], [0.5])[0],
  };
};
