"use strict";
// Without this script the page is complete; with it, tables can be searched, and sorted by a column's head.

const order = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

function valueOf(row, column) {
  const cell = row.cells[column];
  return cell.dataset.number === undefined ? cell.textContent : Number(cell.dataset.number);
}

function compare(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return order.compare(String(a), String(b));
}

function sortBy(table, head) {
  const ascending = head.getAttribute("aria-sort") === "descending" || !head.hasAttribute("aria-sort") && !isNumeric(table, head);
  for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  const sign = ascending ? 1 : -1;
  const rows = [...table.tBodies[0].rows];
  rows.sort((a, b) => sign * compare(valueOf(a, head.cellIndex), valueOf(b, head.cellIndex)));
  table.tBodies[0].append(...rows);
}

// Numbers are wanted with the largest first.
function isNumeric(table, head) {
  return table.tBodies[0].rows[0].cells[head.cellIndex].dataset.number !== undefined;
}

function makeSortable(table) {
  for (const head of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sortBy(table, head));
    head.append(button);
  }
}

function makeSearchable(table) {
  const field = document.createElement("input");
  field.type = "search";
  field.className = "search";
  field.placeholder = "Search these rows";
  field.setAttribute("aria-label", field.placeholder);
  field.addEventListener("input", () => {
    const wanted = field.value.toLocaleLowerCase();
    for (const row of table.tBodies[0].rows) row.hidden = !row.textContent.toLocaleLowerCase().includes(wanted);
  });
  table.parentNode.before(field);
}

for (const table of document.querySelectorAll("table")) {
  makeSortable(table);
  if (table.tBodies[0].rows.length > 5) makeSearchable(table);
}
