// The points of the report, made again from their recipe, and what each of them draws.

// analysis/recipes.py: points_of
const pointsOf = recipe => {
  const draws = 2 ** (recipe.length - 1), points = new Float64Array(draws);
  let whole = recipe[0];
  points[0] = whole / 2 ** 30;
  for (let place = 1; place < draws; place++) {
    whole ^= recipe[32 - Math.clz32(place & -place)];
    points[place] = whole / 2 ** 30;
  }
  return points;
};

const normalOf = recipe => pointsOf(recipe).map(standardNormal);

// analysis/walks.py: walk_from; `bridges` come in the order in which they are drawn.
const walkFrom = (bridges, draws) => {
  const walk = [new Float64Array(draws)];
  for (const {year, before, after, recipe} of bridges) {
    const normal = normalOf(recipe), from = walk[before], to = walk[after];
    walk[year] = normal.map((drawn, i) => {
      if (!to) return from[i] + Math.sqrt(year - before) * drawn;
      const share = (year - before) / (after - before);
      const middle = (1 - share) * from[i] + share * to[i];
      return middle + Math.sqrt(share * (after - year)) * drawn;
    });
  }
  return walk;
};

// analysis/draws.py: draws_from; `walk` is read by year, `counts` by the year less one.
const drawsFrom = ({slots, bridges, counts}, draws) => ({
  uniforms: Object.fromEntries(
    Object.entries(slots).map(([name, recipe]) => [name, pointsOf(recipe)])),
  persistent: normalOf(slots.persistent),
  baseCount: normalOf(slots.base_count),
  startCount: normalOf(slots.start_count),
  walk: walkFrom(bridges, draws),
  counts: counts.map(normalOf),
  drawn: new Map(),
});
