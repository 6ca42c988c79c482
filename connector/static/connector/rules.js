// Rules are moved and added here. Without scripts the numbers are typed, and an empty row stands at the end.
"use strict";
{
  const numberOf = (row) => row.querySelector(".rule-position input");
  const shown = (list) => [...list.children].filter((row) => row.offsetParent !== null);

  // The rows keep the numbers that are there, lowest first. Of two equal ones the second becomes higher.
  const renumber = (rows, step) => {
    const numbers = rows.map((row) => parseInt(numberOf(row).value, 10) || 0).sort((a, b) => a - b);
    numbers.forEach((number, i) => {
      if (i > 0 && number <= numbers[i - 1]) numbers[i] = numbers[i - 1] + step;
      numberOf(rows[i]).value = numbers[i];
    });
  };

  const move = (button, list, step) => {
    const row = button.closest(".rule");
    const rows = shown(list);
    const other = rows[rows.indexOf(row) + Number(button.dataset.by)];
    if (!other) return;
    list.insertBefore(row, button.dataset.by === "1" ? other.nextSibling : other);
    renumber(shown(list), step);
    button.focus();
  };

  const add = (section, list, step) => {
    const total = section.querySelector(`[name=${section.dataset.prefix}-TOTAL_FORMS]`);
    const holder = document.createElement("ol");
    holder.innerHTML = section.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
    total.value = Number(total.value) + 1;
    const row = holder.firstElementChild;
    const rows = shown(list);
    const last = rows.at(-1);
    // Below a rule that takes all the new one would never be reached.
    const above = last && last.classList.contains("rule-takes-all") ? last : null;
    const before = (above ? rows.slice(0, -1) : rows).map((one) => parseInt(numberOf(one).value, 10) || 0);
    row.classList.add("rule-added");
    list.insertBefore(row, above);
    numberOf(row).value = Math.max(0, ...before) + step;
    if (above) renumber(shown(list), step);
    row.querySelectorAll("[hidden]").forEach((button) => { button.hidden = false; });
    django.jQuery(row).find(".unfold-admin-autocomplete").djangoCustomSelect2();
    row.querySelector("details input, details select, details textarea").focus();
  };

  document.documentElement.classList.add("rules-scripted");
  for (const section of document.querySelectorAll(".rules-section")) {
    const list = section.querySelector(".rules-list");
    const step = Number(section.dataset.step);
    section.querySelectorAll(".rule-move, .rules-add").forEach((button) => { button.hidden = false; });
    section.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.classList.contains("rule-move")) move(button, list, step);
      if (button.classList.contains("rules-add")) add(section, list, step);
    });
    section.addEventListener("change", (event) => {
      if (!event.target.closest(".rule-position")) return;
      const rows = [...list.children].sort((a, b) => (numberOf(a).value || Infinity) - (numberOf(b).value || Infinity));
      list.append(...rows);
    });
  }
}
