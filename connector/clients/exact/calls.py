"""How a division of Exact Online is called: its address, the token, one renewal, and pages of a list."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from connector.clients.calls import Caller, Gate
from connector.clients.errors import Unauthorized, UnexpectedResponse
from connector.clients.exact import answers, wire
from connector.clients.exact.token_source import TokenSource
from connector.clients.exact.wire import Row, integer, next_link, read_list
from connector.clients.rows import Odd, read_all
from connector.clients.strict_json import Unreadable
from connector.clients.transport import OnCall, Request, Transport, Upstream
from connector.clients.wording import marked as _

T = TypeVar("T")
# Method, address, query and body.
OneRequest = tuple[str, str, Mapping[str, str], Mapping[str, object] | None]


class DivisionCalls:
    """The calls of one division, which is pinned in every address and compared in every answer.

    A 401 renews the token and repeats the same request once. `before_write` is called just before a write is sent,
    when the token is known: what it raises stops the write. Every method raises the classes of `clients.errors`.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        base_url: str,
        division: int,
        tokens: TokenSource,
        on_call: OnCall,
        gate: Gate,
        before_write: Callable[[], None] = lambda: None,
        read_deadline: float = 30.0,
        write_deadline: float = 45.0,
    ) -> None:
        self.division = int(division)
        self._base = base_url.rstrip("/")
        self._root = f"{self._base}/api/v1/{self.division}/"
        self._tokens = tokens
        self._before_write = before_write
        self._deadlines = {False: read_deadline, True: write_deadline}
        self._caller = Caller(transport, Upstream.EXACT, on_call, answers.limits, gate)

    def page(
        self,
        path: str,
        select: str,
        read: Callable[[Row], T],
        where: str = "",
        odd: Odd | None = None,
        *,
        more: Mapping[str, str] | None = None,
        link: str = "",
    ) -> tuple[list[T], str]:
        """One page of a list, and the address of the next one, "" after the last. `link` is such an address.

        `odd` gets the records that are left out because they cannot be read. A `link` on another address raises
        UnexpectedResponse.
        https://start.exactonline.nl/docs/HlpRestAPIResources.aspx"""

        def parse(answer: object) -> tuple[list[T], str]:
            rows, following = read_list(answer)
            own = (self.own(row) for row in rows)
            return read_all(own, read, odd, wire.name_of), following and next_link(following, self._root)

        params = {"$select": select, **({"$filter": where} if where else {}), **(more or {})}
        if link:
            return self._call(("GET", self._checked(link, path), {}, None), parse, path)
        return self._call(("GET", f"{self._root}{path}", params, None), parse, path)

    def _checked(self, link: str, path: str) -> str:
        try:
            return next_link(link, self._root)
        except Unreadable as error:
            raise UnexpectedResponse(error.words, given=error.given, endpoint=path) from None

    def pages(
        self,
        path: str,
        select: str,
        read: Callable[[Row], T],
        where: str = "",
        odd: Odd | None = None,
        *,
        more: Mapping[str, str] | None = None,
    ) -> Iterator[T]:
        """The records of all pages, one request at a time: Exact does not guarantee pages that are read in parallel.

        Raises UnexpectedResponse when a page names one that was read before, and after MOST_PAGES pages.
        https://start.exactonline.nl/docs/HlpRestAPIResources.aspx"""

        link, seen = "", set[str]()
        for _page in range(wire.MOST_PAGES):
            found, link = self.page(path, select, read, where, odd, more=more, link=link)
            yield from found
            if not link:
                return
            if link in seen:
                raise UnexpectedResponse(_("The pages of a list form a circle"), endpoint=path)
            seen.add(link)
        raise UnexpectedResponse(
            _("The list did not end after %(pages)s pages"), given={"pages": wire.MOST_PAGES}, endpoint=path
        )

    def own(self, row: Any) -> Any:
        """The row itself. Raises Unreadable when it names another division.
        https://start.exactonline.nl/docs/HlpRestAPIResources.aspx"""
        if isinstance(row, dict) and row.get("Division") is not None and integer(row, "Division") != self.division:
            raise Unreadable(_("it belongs to another division"))
        return row

    def put(self, path: str, body: Mapping[str, object]) -> None:
        """Change a record, of which the path names the id. It may be repeated.
        https://start.exactonline.nl/docs/HlpRestAPIResources.aspx"""
        endpoint = f"{path.partition('(')[0]}(guid)"
        self._call(("PUT", f"{self._root}{path}", {}, body), lambda answer: None, endpoint)

    def post(self, path: str, body: Mapping[str, object], read: Callable[[object], T]) -> T:
        """Create a record, and read the answer.
        https://start.exactonline.nl/docs/HlpRestAPIResources.aspx"""
        return self._call(("POST", f"{self._root}{path}", {}, body), read, path)

    def delete(self, path: str) -> None:
        """Delete a record, of which the path names the id. Raises NotFound when there is none.
        https://start.exactonline.nl/docs/HlpRestAPIResources.aspx"""
        endpoint = f"{path.partition('(')[0]}(guid)"
        self._call(("DELETE", f"{self._root}{path}", {}, None), lambda answer: None, endpoint)

    def _call(self, request: OneRequest, parse: Callable[[object], T], endpoint: str) -> T:
        token = self._tokens.token()
        try:
            return self._once(token, request, parse, endpoint)
        except Unauthorized:
            renewed = self._tokens.renew(token)
        return self._once(renewed, request, parse, endpoint)

    def _once(self, token: str, request: OneRequest, parse: Callable[[object], T], endpoint: str) -> T:
        method, url, params, body = request
        write = method != "GET"
        if write:
            self._before_write()
        headers = {"Authorization": f"Bearer {token}"} | ({"Prefer": "return=representation"} if write else {})
        return self._caller.call(
            Request(method, url, headers, params, body, secrets=(token,)),
            lambda response: parse(answers.payload(response, write=write)),
            endpoint=endpoint,
            deadline=self._deadlines[write],
            write=write,
            keep=write or endpoint.startswith(wire.DOCUMENTS),
        )
