// What the address of the page names is opened, marked, and has the focus. Without JavaScript it is only opened.
"use strict";
{
  const FIELDS = "select, textarea, input:not([type=hidden])";

  const show = (asked) => {
    for (let part = asked.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    const isField = asked.matches(FIELDS);
    const place = isField ? asked.closest(".form-row, .field-row") ?? asked.parentElement : asked;
    const field = isField ? asked : asked.querySelector(".rule-outcome :is(select, input)") ?? asked.querySelector(FIELDS);
    place.classList.add("asked");
    place.scrollIntoView({ block: "center" });
    // A list that is searched has a box of its own in front of the field.
    const box = field?.parentElement.querySelector(".select2-selection");
    (box ?? field)?.focus({ preventScroll: true });
  };

  // The browser goes to the address's place when the page is loaded, and takes the focus away then.
  addEventListener("load", () => setTimeout(() => {
    const asked = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    if (asked) show(asked);
  }));
}
