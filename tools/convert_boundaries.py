"""Turn the TopoJSON of the npm packages us-atlas and world-atlas into three small GeoJSON files for print.

    npm pack us-atlas@3.0.1 world-atlas@2.0.2, unpack both into FOLDER/us-atlas and FOLDER/world-atlas, then
    python tools/convert_boundaries.py FOLDER OUTPUT [--detail 06]

The same input gives the same bytes: features sorted by id, coordinates rounded, rings wound as in RFC 7946.
"""

from __future__ import annotations

import argparse
import csv
import heapq
import itertools
import json
import math
from collections.abc import Iterator
from pathlib import Path

Point = tuple[float, float]
Ring = list[Point]

DECIMALS = 3
# Square degrees (0.001 is 12 square kilometers at the equator): what is smaller does not show in print.
COUNTY_TOLERANCE = 0.0013
DETAIL_TOLERANCE = 0.0002
STATE_TOLERANCE = 0.0006


class BoundaryError(ValueError):
    """A package folder or code table that does not hold what the conversion needs."""


def read_topology(folder: Path, package: str, file: str) -> dict:
    """Read one TopoJSON file of an unpacked npm package."""
    path = folder / package / file
    if not path.is_file():
        raise BoundaryError(f"{path} does not exist: unpack the npm package {package} there.")
    topology = json.loads(path.read_text(encoding="utf-8"))
    if topology.get("type") != "Topology" or "transform" not in topology:
        raise BoundaryError(f"{path} is not a quantized TopoJSON topology: take the file of the package.")
    return topology


def decode_arcs(topology: dict) -> list[Ring]:
    """Undo the delta encoding and quantization of a topology; returns longitude and latitude in degrees."""
    (scale_x, scale_y), (move_x, move_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for deltas in topology["arcs"]:
        x = y = 0
        arc = []
        for step in deltas:
            x, y = x + step[0], y + step[1]
            arc.append((x * scale_x + move_x, y * scale_y + move_y))
        arcs.append(arc)
    return arcs


def triangle_area(a: Point, b: Point, c: Point) -> float:
    """Area of a triangle in square degrees, the longitudes shrunk by the cosine of the latitude."""
    doubled = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])
    return abs(doubled) / 2 * math.cos(math.radians(b[1]))


def simplify(arc: Ring, tolerance: float) -> Ring:
    """Drop the points of an arc whose triangle is below `tolerance` (Visvalingam and Whyatt's method).

    The ends stay, so that neighbors, which share arcs, still share borders; a closed arc keeps four points.
    """
    keep = 4 if arc[0] == arc[-1] else 2
    if tolerance <= 0 or len(arc) <= keep:
        return arc
    before = list(range(-1, len(arc) - 1))
    after = list(range(1, len(arc) + 1))
    alive = [True] * len(arc)
    areas = [math.inf] * len(arc)
    heap: list[tuple[float, int]] = []
    for i in range(1, len(arc) - 1):
        areas[i] = triangle_area(arc[i - 1], arc[i], arc[i + 1])
        heapq.heappush(heap, (areas[i], i))
    left = len(arc)
    while heap and left > keep:
        area, i = heapq.heappop(heap)
        if area >= tolerance:
            break
        if not alive[i] or area != areas[i]:
            continue
        alive[i] = False
        left -= 1
        low, high = before[i], after[i]
        after[low], before[high] = high, low
        for j in (low, high):
            if 0 < j < len(arc) - 1:
                # Never below the area just removed, or a detail would go before its parts.
                areas[j] = max(area, triangle_area(arc[before[j]], arc[j], arc[after[j]]))
                heapq.heappush(heap, (areas[j], j))
    return [point for point, stays in zip(arc, alive, strict=True) if stays]


def round_ring(ring: Ring) -> Ring:
    """Round a ring to `DECIMALS`; drop points that repeat the one before and spikes that run right back."""
    rounded: Ring = []
    for x, y in ring:
        point = (round(x, DECIMALS) + 0.0, round(y, DECIMALS) + 0.0)
        if len(rounded) > 1 and point == rounded[-2]:
            rounded.pop()
        elif not rounded or point != rounded[-1]:
            rounded.append(point)
    return rounded


def signed_area(ring: Ring) -> float:
    """Signed area of a closed ring in square degrees: positive if counter-clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) / 2


def outline(ring_arcs: list[int], arcs: list[Ring]) -> Ring:
    """Join the arcs of one ring; a negative number means an arc that is run backward."""
    ring: Ring = []
    for index in ring_arcs:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(arc[1:] if ring else arc)
    return round_ring(ring)


def polygons_of(shape: dict) -> list[list[list[int]]]:
    """The arc numbers of a shape: polygons, their rings, the arcs of each ring."""
    return [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]


def simplify_layer(topology: dict, layer: str, tolerance: float, detail: str | None) -> list[Ring]:
    """Simplify all arcs of a topology: less where ids begin with `detail`, not where a ring would vanish."""
    original = decode_arcs(topology)
    arcs = [simplify(arc, tolerance) for arc in original]
    for shape in topology["objects"][layer]["geometries"]:
        fine = detail is not None and shape["id"].startswith(detail)
        for ring_arcs in itertools.chain.from_iterable(polygons_of(shape)):
            for index in {max(i, ~i) for i in ring_arcs} if fine else ():
                arcs[index] = simplify(original[index], DETAIL_TOLERANCE)
            if signed_area(outline(ring_arcs, arcs)) == 0:
                for index in {max(i, ~i) for i in ring_arcs}:
                    arcs[index] = original[index]
    return arcs


def clip_east(ring: Ring, meridian: float, side: int) -> Ring:
    """The part of a closed ring east (side 1) or west (side -1) of a meridian (Sutherland and Hodgman)."""
    kept: Ring = []
    for (x1, y1), (x2, y2) in itertools.pairwise(ring):
        inside1, inside2 = (x1 - meridian) * side >= 0, (x2 - meridian) * side >= 0
        if inside1 != inside2:
            kept.append((meridian, y1 + (y2 - y1) * (meridian - x1) / (x2 - x1)))
        if inside2:
            kept.append((x2, y2))
    return [*kept, kept[0]] if kept else []


def cut_at_antimeridian(ring: Ring) -> list[Ring]:
    """Cut an outer ring that crosses 180 degrees into parts within -180 to 180; others stay as they are."""
    if all(abs(b[0] - a[0]) <= 180 for a, b in itertools.pairwise(ring)):
        return [ring]
    turn, unrolled = 0, [ring[0]]
    for a, b in itertools.pairwise(ring):
        turn += 360 * ((b[0] - a[0] < -180) - (b[0] - a[0] > 180))
        unrolled.append((b[0] + turn, b[1]))
    if turn:
        pole = math.copysign(90, ring[0][1])
        unrolled += [(unrolled[-1][0], pole), (unrolled[0][0], pole), unrolled[0]]
    parts = []
    for shift in (-360, 0, 360):
        part = clip_east(clip_east(unrolled, shift - 180, 1), shift + 180, -1)
        part = round_ring([(x - shift, y) for x, y in part])
        if len(part) > 3 and signed_area(part) != 0:
            parts.append(part)
    return parts


def geometry(shape: dict, arcs: list[Ring], smallest: float) -> dict | None:
    """GeoJSON geometry of a shape without islets and holes below `smallest` square degrees; None if empty."""
    polygons = []
    for indexes in polygons_of(shape):
        outer, *holes = (outline(ring_arcs, arcs) for ring_arcs in indexes)
        holes = [hole for hole in holes if abs(signed_area(hole)) > smallest]
        holes = [hole if signed_area(hole) < 0 else hole[::-1] for hole in holes]
        for part in cut_at_antimeridian(outer):
            area = signed_area(part)
            polygons.append((abs(area), [part if area > 0 else part[::-1], *holes]))
    largest = max(area for area, _ in polygons)
    kept = [rings for area, rings in polygons if area > smallest or area == largest > 0]
    if not kept:
        return None
    if len(kept) == 1:
        return {"type": "Polygon", "coordinates": kept[0]}
    return {"type": "MultiPolygon", "coordinates": kept}


def shapes(
    topology: dict, layer: str, tolerance: float, detail: str | None = None
) -> Iterator[tuple[str | None, str, dict]]:
    """Yield id, name and geometry of every shape of one layer that has an area."""
    arcs = simplify_layer(topology, layer, tolerance, detail)
    for shape in topology["objects"][layer]["geometries"]:
        drawn = geometry(shape, arcs, tolerance) if shape.get("arcs") else None
        if drawn is not None:
            yield shape.get("id"), shape["properties"]["name"], drawn


def feature(identifier: str | None, properties: dict, drawn: dict) -> dict:
    """One GeoJSON feature; `id` is left out where the place has no code."""
    head = {"type": "Feature"} if identifier is None else {"type": "Feature", "id": identifier}
    return {**head, "properties": properties, "geometry": drawn}


def read_codes(name: str) -> dict[str, str]:
    """Read a two-column code table in the same folder as this script."""
    path = Path(__file__).with_name(name)
    with path.open(encoding="utf-8", newline="") as file:
        return {row[0]: row[1] for row in list(csv.reader(file))[1:]}


def write_collection(path: Path, features: list[dict]) -> None:
    """Write a FeatureCollection, one feature a line, sorted by id (places without one come last, by name)."""
    ordered = sorted(features, key=lambda f: ("id" not in f, f.get("id", ""), f["properties"]["name"]))
    lines = [json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in ordered]
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    temporary = path.with_suffix(path.suffix + ".part")
    temporary.write_bytes(text.encode("utf-8"))
    temporary.replace(path)


def convert_states(folder: Path, output: Path) -> dict[str, str]:
    """Write us_states.geojson (id, name, postal); returns the state names by FIPS code."""
    postal, names, features = read_codes("state_codes.csv"), {}, []
    topology = read_topology(folder, "us-atlas", "states-10m.json")
    for fips, name, drawn in shapes(topology, "states", STATE_TOLERANCE):
        if fips not in postal:
            raise BoundaryError(f"State {fips} ({name}) has no row in state_codes.csv: add one.")
        names[fips] = name
        features.append(feature(fips, {"name": name, "postal": postal[fips]}, drawn))
    write_collection(output / "us_states.geojson", features)
    return names


def convert_counties(folder: Path, output: Path, state_names: dict[str, str], detail: str) -> None:
    """Write us_counties.geojson (id, name, state), finer in the state with the FIPS code `detail`."""
    topology = read_topology(folder, "us-atlas", "counties-10m.json")
    features = [
        feature(fips, {"name": name, "state": state_names[fips[:2]]}, drawn)
        for fips, name, drawn in shapes(topology, "counties", COUNTY_TOLERANCE, detail)
    ]
    write_collection(output / "us_counties.geojson", features)


def convert_countries(folder: Path, output: Path) -> None:
    """Write countries.geojson (id, name, iso3, scale): 1:110m, and 1:50m for coded places that it lacks."""
    alpha3, features, seen = read_codes("country_codes.csv"), [], set()
    for scale in ("110m", "50m"):
        topology = read_topology(folder, "world-atlas", f"countries-{scale}.json")
        for number, name, drawn in shapes(topology, "countries", 0):
            if scale == "50m" and (number is None or number in seen):
                continue
            if number is not None and number not in alpha3:
                raise BoundaryError(f"Country {number} ({name}) has no row in country_codes.csv: add one.")
            properties = {"name": name, "iso3": alpha3.get(number), "scale": scale}
            features.append(feature(number, properties, drawn))
            if scale == "110m" and number is not None:
                seen.add(number)
    write_collection(output / "countries.geojson", features)


def main() -> None:
    """Read the two folders from the command line and write the three files."""
    parser = argparse.ArgumentParser(description="Convert us-atlas and world-atlas to GeoJSON.")
    parser.add_argument("folder", type=Path, help="folder with us-atlas/ and world-atlas/, unpacked")
    parser.add_argument("output", type=Path, help="folder for the three GeoJSON files")
    parser.add_argument("--detail", default="06", help="FIPS code of the state with finer counties")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    try:
        state_names = convert_states(arguments.folder, arguments.output)
        convert_counties(arguments.folder, arguments.output, state_names, arguments.detail)
        convert_countries(arguments.folder, arguments.output)
    except BoundaryError as error:
        raise SystemExit(f"convert_boundaries: {error}") from None


if __name__ == "__main__":
    main()
