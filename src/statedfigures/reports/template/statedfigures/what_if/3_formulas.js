// One function for each formula, for one draw at a time; each names the Python function it repeats.

// analysis/distributions.py: triangular
const triangular = (uniform, low, mode, high) => {
  const width = high - low;
  return uniform * width <= mode - low
    ? low + Math.sqrt(uniform * width * (mode - low))
    : high - Math.sqrt((1 - uniform) * width * (high - mode));
};

// analysis/distributions.py: uniform_between
const uniformBetween = (uniform, low, high) => low + uniform * (high - low);

// analysis/distributions.py: two_piece_lognormal
const OUTER = standardNormal(0.95);
const twoPieceLognormal = (uniform, low, central, high) => {
  const normal = standardNormal(uniform);
  const spread = (normal < 0 ? Math.log(central / low) : Math.log(high / central)) / OUTER;
  return central * Math.exp(spread * normal);
};

// analysis/distributions.py: truncated_exponential
const truncatedExponential = (uniform, floor, mean, cap) =>
  floor - mean * Math.log1p(-Math.min(uniform * -Math.expm1(-(cap - floor) / mean), 1 - TINY));

// analysis/distributions.py: assumed_values
const DISTRIBUTIONS = {
  fixed: row => row.central,
  triangular: (row, uniform) => triangular(uniform, row.low, row.central, row.high),
  uniform: (row, uniform) => uniformBetween(uniform, row.low, row.high),
  lognormal: (row, uniform) => twoPieceLognormal(uniform, row.low, row.central, row.high),
};
const assumedValue = (row, uniform) => {
  const value = DISTRIBUTIONS[row.distribution](row, uniform);
  return Math.min(Math.max(value, row.allowed_min), row.allowed_max);
};

// analysis/spreads.py: SPREADS; a year projected from its part is not spread but annualised anew.
const triangularAround = (uniform, value, half) =>
  triangular(uniform, value - half, value, value + half);
const SPREADS = {
  rounding: ({value, rounded_to: step}, width, uniform) =>
    uniformBetween(uniform, Math.max(value - step / 2, 0), value + step / 2),
  bound: ({value}, width, uniform) => uniformBetween(uniform, 0, value),
  hedge_revision: ({value}, width, uniform) => triangularAround(uniform, value, value * width / 100),
  hedge_about: ({value, rounded_to: step}, width, uniform) =>
    triangularAround(uniform, value, step * width),
  hedge_more_than: ({value, floor, cap}, width, uniform) =>
    truncatedExponential(uniform, floor, value * Math.max(width, TINY) / 100, cap),
  claim_almost: ({value}, width, uniform) => triangular(uniform, value * width, value, value),
  hedge_may_exceed: ({value}, width, uniform) =>
    triangularAround(uniform, value, value * width / 100),
  hedge_expected: ({value}, width, uniform) =>
    triangularAround(uniform, value, value * width / 100),
};

// analysis/spreads.py: about_multiple
const aboutMultiple = (value, halfWidth, uniform) =>
  triangularAround(uniform, value, value * halfWidth);

// analysis/annualisation.py: full_year
const fullYear = (toDate, elapsed, logSpread, uniform) =>
  toDate * (1 + (1 - elapsed) / elapsed * Math.exp(logSpread * standardNormal(uniform)));

// analysis/annualisation.py: count_to_date
const countToDate = (projectedYear, elapsed) => projectedYear * elapsed;

// analysis/growth.py: observed_growth
const observedGrowth = (start, base, years) => Math.log(base / start) / years;

// analysis/growth.py: future_growth
const futureGrowth = (observed, levelShiftShare, change) =>
  (1 - levelShiftShare) * observed + change;

// analysis/growth.py: shocks
const shocks = (volatility, persistence, normal, step) =>
  volatility * normal * Math.sqrt(step * (1 + persistence * (step - 1)));

// analysis/growth.py: count_noise
const countNoise = (logLevel, varianceFactor, normal) =>
  logLevel + Math.sqrt(Math.log1p(varianceFactor * Math.exp(-logLevel))) * normal;

// analysis/forms.py: FORMS, in the order in which they are chosen
const FORMS = [
  function noChange() {
    return 0;
  },
  function linear(growth, step, {spanYears}) {
    const slope = -Math.expm1(-Math.abs(growth) * spanYears) / spanYears;
    return Math.sign(growth) * Math.log1p(step * slope);
  },
  function compound(growth, step) {
    return growth * step;
  },
  function damped(growth, step, shape) {
    const damping = Math.min(shape.damping, 1 - TINY);
    return growth * damping * -Math.expm1(step * Math.log(damping)) / (1 - damping);
  },
  function saturating(growth, step, shape) {
    const ceiling = Math.max(shape.ceiling, 1 + TINY);
    const rate = Math.abs(growth) * ceiling / (ceiling - 1);
    const path = Math.log(ceiling) - Math.log1p((ceiling - 1) * Math.exp(-rate * step));
    return Math.sign(growth) * path;
  },
];
