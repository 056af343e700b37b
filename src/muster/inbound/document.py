"""What stands in a body that may be JSON, a form or only a query, as senders with a mask to fill in send it."""

from typing import Any
from urllib.parse import parse_qsl

from muster.inbound.json_body import load_json, refused
from muster.inbound.port import Request
from muster.kit.errors import Malformed

MOST_FIELDS = 500
_FORM = "application/x-www-form-urlencoded"


def document_of(request: Request) -> Any:
    """The document of a request. JSON counts whatever the media type says; a form's field `payload` may hold JSON.

    Raises:
        Malformed: where it is neither JSON nor a form.
    """
    body = request.body.strip()
    if not body and request.query:
        return dict(request.query)
    if request.content_type != _FORM:
        return load_json(request.body)
    if body[:1] in (b"{", b"["):
        try:
            return load_json(request.body)
        except Malformed:
            pass
    return _form(request.body)


def _form(body: bytes) -> Any:
    try:
        fields = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise refused("", f"A form has at most {MOST_FIELDS} fields.", "Send JSON instead.") from None
    if fields.get("payload", "").lstrip().startswith("{"):
        return load_json(fields["payload"].encode("utf-8", "replace"), "The field `payload`")
    return fields
