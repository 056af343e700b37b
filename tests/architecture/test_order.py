"""A feature imports only features before it; inside a feature pure files come before store, store before actions, and so on."""

import itertools

from tests.architecture.house import DOING, FEATURES, ORDER, SOURCE, modules

RANK = {
    "": 0,
    "store": 1,
    "adapter": 1,
    "actions": 2,
    "api": 3,
    "callbacks": 3,
    "pages": 3,
    "jobs": 3,
    "cli": 3,
    "doctor": 3,
    "wiring": 4,
}
BESIDE = {feature.name for feature in FEATURES if feature.beside}
KNOWN = {module.name for module in modules()}


def target_of(name: str) -> str:
    """The module that an import of `a.b.c` reaches."""
    parts = name.split(".")
    return next((".".join(parts[:n]) for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in KNOWN), name)


def test_every_folder_has_its_place_in_the_order() -> None:
    folders = {path.name for path in SOURCE.iterdir() if path.is_dir() and not path.name.startswith("__")}
    assert folders <= set(ORDER)


def test_features_import_only_features_before_them() -> None:
    wrong = []
    for module in modules():
        for name, line in module.imports:
            parts = name.split(".")
            if parts[0] != "muster" or len(parts) < 2 or parts[1] not in ORDER or parts[1] == module.feature:
                continue
            later = ORDER.index(parts[1]) > ORDER.index(module.feature) if module.feature else False
            if later or {parts[1], module.feature} <= BESIDE:
                wrong.append(f"{module}:{line} imports {name}")
    assert not wrong, "\n".join(wrong)


def test_layers_of_a_feature_point_one_way() -> None:
    by_name = {module.name: module for module in modules()}
    wrong = []
    for module, (name, line) in ((each, found) for each in modules() for found in each.imports):
        target = by_name.get(target_of(name))
        if target is None or target.feature != module.feature or module.feature in ("base", "app", "kit"):
            continue
        if RANK[target.layer] > RANK[module.layer]:
            wrong.append(f"{module}:{line} ({module.layer or 'pure'}) imports {target} ({target.layer})")
    assert not wrong, "\n".join(wrong)


def test_no_module_imports_itself_in_a_circle() -> None:
    edges = {
        module.name: {target_of(name) for name, _ in module.imports} & KNOWN - {module.name} for module in modules()
    }
    seen: dict[str, int] = {}

    def circle(name: str, path: list[str]) -> list[str] | None:
        if seen.get(name) == 2:
            return None
        if seen.get(name) == 1:
            return [*path[path.index(name) :], name]
        seen[name] = 1
        found = next((c for each in sorted(edges[name]) if (c := circle(each, [*path, name]))), None)
        seen[name] = 2
        return found

    circles = [" → ".join(found) for name in sorted(edges) if (found := circle(name, []))]
    assert not circles, "\n".join(circles)


def test_reserved_names_are_the_documented_ones() -> None:
    text = (SOURCE.parents[1] / "docs" / "architecture.md").read_text()
    missing = [name for name in itertools.chain(DOING, ORDER) if f"`{name}" not in text and f"{name}/" not in text]
    assert not missing, f"docs/architecture.md does not name {missing}"
