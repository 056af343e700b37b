"""XML of strangers as a JSON document: no document types, no entities, nothing from elsewhere, bounded."""

from typing import Any
from xml.etree import ElementTree

from muster.integrations.inbound.reading import MAX_DEPTH, refused

MOST_ELEMENTS = 20_000


def document_of_xml(text: str) -> dict[str, Any]:
    """The members of the outermost element: attributes and elements by their names, repeated ones as a list.

    Raises:
        Malformed: it is no XML, has a document type, or is nested or numerous beyond the limits.
    """
    # A document type is where entities are declared, and with them all attacks on readers of XML.
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise refused("", "It has a document type, which is not read.", "Send the elements alone.")
    parser: Any = ElementTree.XMLPullParser(events=("start", "end"))
    depth = count = 0
    try:
        parser.feed(text)
        parser.close()
        for found in parser.read_events():
            event = found[0]
            depth += 1 if event == "start" else -1
            count += event == "start"
            if depth > MAX_DEPTH or count > MOST_ELEMENTS:
                raise refused(
                    "", f"It is deeper than {MAX_DEPTH} or has more than {MOST_ELEMENTS} elements.", "Send less."
                )
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        line, column = error.position
        rule = f"It is not XML: {str(error).split(':')[0]}."
        raise refused("", rule, "Correct it at this place.", line, column + 1) from None
    content = _content(root)
    return content if isinstance(content, dict) else {"message": content}


def _content(element: ElementTree.Element) -> Any:
    members: dict[str, Any] = {_bare(name): value for name, value in element.attrib.items()}
    for child in element:
        name, value = _bare(child.tag), _content(child)
        if name in members:
            before = members[name]
            members[name] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            members[name] = value
    text = (element.text or "").strip()
    if not members:
        return text
    return {**members, "text": text} if text and "text" not in members else members


def _bare(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]
