"""XML of strangers as a JSON document: no document types, no entities, nothing from elsewhere, bounded."""

from typing import Any, cast
from xml.etree import ElementTree

from muster.inbound.json_body import MAX_DEPTH, refused

MOST_ELEMENTS = 20_000
_PIECE = 16_384


def document_of_xml(text: str) -> dict[str, Any]:
    """The members of the outermost element: attributes and elements by their names, repeated ones as a list.

    Raises:
        Malformed: it is no XML, has a document type, or is nested or numerous beyond the limits.
    """
    # A document type is where entities are declared, and with them all attacks on readers of XML.
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise refused("", "It has a document type, which is not read.", "Send the elements alone.")
    try:
        root = _bounded(text)
    except ElementTree.ParseError as error:
        line, column = error.position
        rule = f"It is not XML: {str(error).split(':')[0]}."
        raise refused("", rule, "Correct it at this place.", line, column + 1) from None
    content = _content(root)
    return content if isinstance(content, dict) else {"message": content}


def _bounded(text: str) -> ElementTree.Element:
    """The outermost element, read in pieces, so that what is too much is refused before it was built."""
    parser: Any = ElementTree.XMLPullParser(events=("start", "end"))
    depth = count = 0
    root = None
    for start in range(0, len(text) + _PIECE, _PIECE):
        if start < len(text):
            parser.feed(text[start : start + _PIECE])
        else:
            parser.close()
        for event, element in parser.read_events():
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            count += event == "start"
            if depth > MAX_DEPTH or count > MOST_ELEMENTS:
                rule = f"It is deeper than {MAX_DEPTH} or has more than {MOST_ELEMENTS} elements."
                raise refused("", rule, "Send less.")
    assert root is not None
    return cast(ElementTree.Element, root)


def _content(element: ElementTree.Element) -> Any:
    found: dict[str, list[Any]] = {_bare(name): [value] for name, value in element.attrib.items()}
    for child in element:
        found.setdefault(_bare(child.tag), []).append(_content(child))
    members = {name: values[0] if len(values) == 1 else values for name, values in found.items()}
    text = (element.text or "").strip()
    if not members:
        return text
    return {**members, "text": text} if text and "text" not in members else members


def _bare(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]
