// Look again after the seconds that a waiting page gives. Without JavaScript the page has a meta element for it.
// The address says so, because a session that nobody uses ends, however often its page looks again.
const waiting = document.querySelector("[data-refresh]");
if (waiting) {
  const again = new URL(waiting.dataset.again, location.href);
  const look = () => (again.href === location.href ? location.reload() : location.replace(again));
  setTimeout(look, 1000 * Number(waiting.dataset.refresh));
}
