// The address that keeps what a reader holds: #what-if=damping:0.9,growth_persistence:0.3

const ADDRESS = "#what-if=";

const addressOf = pairs => ADDRESS + pairs.map(pair => pair.join(":")).join(",");

// Give pairs of id and number, and whether something else stood there. Whatever it was is looked
// up among `known` ids or read as a number, and never run or shown; ranges are for the slider.
const heldIn = (address, known) => {
  const pairs = [];
  let words = "", isStrange = false;
  try {
    words = decodeURIComponent(address.slice(ADDRESS.length));
  } catch {
    isStrange = true;
  }
  for (const pair of words.split(",")) {
    const [id, value = "", ...rest] = pair.split(":");
    const isNumber = /^-?\d{1,15}(\.\d{1,15})?$/.test(value) && !rest.length;
    if (known.has(id) && isNumber) pairs.push([id, Number(value)]);
    else isStrange = true;
  }
  return {pairs, isStrange};
};
