// Numbers and directions as text, to the letter as the rest of the page writes them.

// Python rounds a tie to the even digit, a browser away from nought.
const roundedTo = (exact, cut, otherwise) => {
  const kept = exact.slice(0, cut), rest = exact.slice(cut).replace(".", "");
  return /^50*$/.test(rest) && "02468".includes(kept.at(-1)) ? kept : otherwise;
};

// display/format.py: significant
const significant = (value, figures = 3) => {
  const [exact, power] = value.toExponential(100).split("e");
  const [plain] = value.toExponential(figures - 1).split("e");
  const cut = figures + (figures > 1 ? 1 : 0) + (value < 0 ? 1 : 0);
  const kept = roundedTo(exact, cut, "");
  return kept ? Number(kept + "e" + power) : Number(value.toExponential(figures - 1));
};

// display/format.py: decimals_of
const decimalsOf = (value, figures = 3) => {
  if (value === 0 || !Number.isFinite(value)) return 0;
  const power = Number(significant(value, figures).toExponential().split("e")[1]);
  return Math.max(0, figures - 1 - power);
};

const fixed = (value, decimals) => {
  const exact = value.toFixed(100), cut = exact.indexOf(".") + (decimals ? decimals + 1 : 0);
  return roundedTo(exact, cut, value.toFixed(decimals));
};

const withoutZeros = text => text.includes(".") ? text.replace(/\.?0+$/, "") : text;

// display/format.py: digits
const digits = (value, decimals) => {
  let text = decimals === undefined
    ? withoutZeros(fixed(significant(value, 10), decimalsOf(value, 10)))
    : fixed(value, decimals);
  const below = text.startsWith("-") && /[1-9]/.test(text);
  text = text.replace("-", "").replace(/\B(?=(\d{3})+(?!\d)(?<!\.\d*))/g, ",");
  return below ? "−" + text : text;
};

// display/format.py: with_unit
const withUnit = (text, unit) => {
  if (unit === "percent") return text + "%";
  if (unit === "percentage_points") return text + " percentage points";
  if (unit === "multiple") return text + " times";
  if (!unit.startsWith("gbp")) return text;
  const scale = /_(billion|bn)$/.test(unit) ? " billion" : /_(million|m)$/.test(unit) ? " million" : "";
  return ("£" + text + scale).replace("£−", "−£");
};

// display/format.py: rounded_text
const roundedText = (value, unit, figures = 3) => {
  if (!Number.isFinite(value)) return "no limit";
  if (unit === "percent" || unit === "percentage_points") {
    const size = Math.abs(value);
    const places = size >= 9.95 ? 0 : size >= 0.95 ? 1 : decimalsOf(value, 2);
    return withUnit(digits(value, Math.min(places, 4)), unit);
  }
  const shown = significant(value, figures);
  if (Math.abs(shown) >= 1e6) {
    return withUnit(digits(significant(shown / 1e6, figures)) + " million", unit);
  }
  return withUnit(withoutZeros(digits(shown, Math.min(decimalsOf(value, figures), 6))), unit);
};

// display/format.py: computed
const computedText = (value, unit) => roundedText(significant(value, 12), unit);

// display/messages.py: probability_above
const probabilityAbove = (levels, values, threshold) => {
  if (threshold < values[0]) return 1 - levels[0];
  let below = levels[0];
  for (let place = 1; place < levels.length; place++) {
    const [lower, upper] = [levels[place - 1], levels[place]];
    const [start, end] = [values[place - 1], values[place]];
    if (threshold >= end) below = upper;
    else if (threshold >= start) {
      return 1 - (lower + (upper - lower) * (threshold - start) / (end - start));
    }
  }
  return 1 - below;
};

// display/messages.py: direction; gives the name of the direction
const direction = (levels, values, base, rules) => {
  const margin = base * rules.little_change_percent / 100;
  const rises = probabilityAbove(levels, values, base + margin);
  const falls = 1 - probabilityAbove(levels, values, base - margin);
  if (rises >= rules.likely) return "RISE";
  if (falls >= rules.likely) return "FALL";
  return 1 - rises - falls >= rules.likely ? "LITTLE_CHANGE" : "CANNOT_TELL";
};
