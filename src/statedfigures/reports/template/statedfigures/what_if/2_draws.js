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

// analysis/draws.py: draws_from
const drawsFrom = recipes => ({
  uniforms: Object.fromEntries(
    Object.entries(recipes).map(([name, recipe]) => [name, pointsOf(recipe)])),
  laterGrowth: normalOf(recipes.later_growth),
  laterCount: normalOf(recipes.later_count),
  baseCount: normalOf(recipes.base_count),
  startCount: normalOf(recipes.start_count),
  drawn: new Map(),
});
