// Look again after the seconds that a waiting page gives. Without JavaScript the page has a meta element for it.
const waiting = document.querySelector("[data-refresh]");
if (waiting) setTimeout(() => location.reload(), 1000 * Number(waiting.dataset.refresh));
