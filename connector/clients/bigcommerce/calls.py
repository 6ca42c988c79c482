"""How a store is called: its address, its access token, and what an answer is."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from connector.clients.bigcommerce import answers
from connector.clients.calls import Caller, Gate
from connector.clients.transport import OnCall, Request, Response, Transport, Upstream
from connector.clients.wording import BadValue
from connector.clients.wording import marked as _

T = TypeVar("T")


class StoreCalls:
    """The calls of one store with one access token. Every method raises the classes of `clients.errors`."""

    def __init__(
        self,
        transport: Transport,
        *,
        base_url: str,
        store_hash: str,
        access_token: str,
        on_call: OnCall,
        gate: Gate,
        deadline: float = 30.0,
    ) -> None:
        if not answers.STORE_HASH.fullmatch(store_hash):
            raise BadValue(_("a store hash is 4 to 20 of a-z and 0-9"))
        self.store_hash = store_hash
        self._root = f"{base_url.rstrip('/')}/stores/{store_hash}"
        self._token = access_token
        self._deadline = deadline
        self._caller = Caller(transport, Upstream.BIGCOMMERCE, on_call, answers.limits, gate)

    def get(
        self,
        path: str,
        parse: Callable[[object], T],
        endpoint: str,
        scope: str,
        params: Mapping[str, str] | None = None,
    ) -> T:
        """What `parse` makes of the answer to a GET. `endpoint` names it without ids, `scope` is the right it needs.
        https://developer.bigcommerce.com/docs/start/authentication/api-accounts"""
        request = self._request("GET", path, params=params or {})
        return self._send(request, parse, endpoint, scope, write=False)

    def put(
        self,
        path: str,
        rows: Sequence[Mapping[str, object]],
        parse: Callable[[object], T],
        scope: str,
    ) -> T:
        """What `parse` makes of the answer to a PUT of several records to a list, which is also its endpoint.
        https://developer.bigcommerce.com/docs/rest-management/customers#update-customers"""
        return self._send(self._request("PUT", path, body=rows), parse, path, scope, write=True)

    def _write(
        self,
        method: str,
        path: str,
        parse: Callable[[object], T],
        endpoint: str,
        body: Mapping[str, object] | None,
    ) -> T:
        return self._send(self._request(method, path, body=body), parse, endpoint, "", write=True)

    def _request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, object] | Sequence[Mapping[str, object]] | None = None,
    ) -> Request:
        hook_headers = body.get("headers") if isinstance(body, Mapping) else None
        hidden = hook_headers.values() if isinstance(hook_headers, Mapping) else ()
        return Request(
            method,
            f"{self._root}/{path}",
            headers={"X-Auth-Token": self._token},
            params=params or {},
            json=body,
            secrets=(self._token, *map(str, hidden)),
        )

    def _send(self, request: Request, parse: Callable[[object], T], endpoint: str, scope: str, *, write: bool) -> T:
        def read(response: Response) -> T:
            return parse(answers.payload(response, write=write, scope=scope))

        return self._caller.call(request, read, endpoint=endpoint, deadline=self._deadline, write=write)
