(() => {
  "use strict";
  const table = document.getElementById("sets"), said = document.getElementById("sorted");
  const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
  const first = [...body.rows];
  const key = (row, place) => {
    const cell = row.cells[place];
    if (cell.classList.contains("number")) {
      return cell.dataset.value ? Number(cell.dataset.value) : null;
    }
    return cell.textContent;
  };
  const words = new Intl.Collator("en-GB", {numeric: true});
  const sort = (place, down) => {
    const turn = down ? -1 : 1;
    // Rows without a value stay at the end, equal ones in the order of the file.
    const rows = first.map((row, order) => [key(row, place), order, row]);
    rows.sort(([a, i], [b, j]) => {
      if (a === null || b === null) return (a === null) - (b === null) || i - j;
      const found = typeof a === "number" ? a - b : words.compare(a, b);
      return turn * found || i - j;
    });
    body.append(...rows.map(one => one[2]));
    for (const head of heads) head.removeAttribute("aria-sort");
    heads[place].setAttribute("aria-sort", down ? "descending" : "ascending");
    said.textContent = "Sorted by " + heads[place].textContent + (down ? ", from the top" : ", from the bottom");
  };
  heads.forEach((head, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(place, head.getAttribute("aria-sort") === "ascending"));
    head.append(button);
  });
  for (const one of document.querySelectorAll(".sorts")) one.hidden = false;
})();
