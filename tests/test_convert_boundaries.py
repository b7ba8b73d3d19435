"""The conversion keeps shapes drawable: shared borders, whole countries at the antimeridian, the same bytes twice."""

import importlib.util
import itertools
import json
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "tools" / "convert_boundaries.py"
spec = importlib.util.spec_from_file_location("convert_boundaries", SCRIPT)
convert = importlib.util.module_from_spec(spec)
spec.loader.exec_module(convert)


def topology(arcs, geometries, layer):
    """A topology whose arcs are given in whole degrees."""
    deltas = [[arc[0], *[[b[0] - a[0], b[1] - a[1]] for a, b in itertools.pairwise(arc)]] for arc in arcs]
    return {
        "type": "Topology",
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": deltas,
        "objects": {layer: {"type": "GeometryCollection", "geometries": geometries}},
    }


def shape(identifier, arcs):
    return {"type": "Polygon", "id": identifier, "properties": {"name": f"place {identifier}"}, "arcs": [arcs]}


def points(geometry):
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [point for part in parts for ring in part for point in ring]


def test_neighbours_still_share_their_border_after_simplification():
    border = [[10, 0], [11, 2], [10, 4], [11, 6], [10, 8]]
    arcs = [border, [[10, 8], [0, 8], [0, 0], [10, 0]], [[10, 8], [20, 8], [20, 0], [10, 0]]]
    drawn = topology(arcs, [shape("06001", [0, 1]), shape("08001", [0, 2])], "counties")
    west, east = (
        {point for point in points(g) if 10 <= point[0] <= 11} for _, _, g in convert.shapes(drawn, "counties", 3.0)
    )
    assert west == east
    assert len(west) < len(border)


def test_the_state_with_detail_keeps_points_that_others_lose():
    arcs = [[[0, 0], [5, 1], [10, 0], [10, 9], [0, 9], [0, 0]], [[30, 0], [35, 1], [40, 0], [40, 9], [30, 9], [30, 0]]]
    drawn = topology(arcs, [shape("06001", [0]), shape("08001", [1])], "counties")
    fine, coarse = (points(g) for _, _, g in convert.shapes(drawn, "counties", 10.0, "06"))
    assert (5.0, 1.0) in fine
    assert (35.0, 1.0) not in coarse


def test_a_country_across_the_antimeridian_is_cut_into_two_parts_within_the_map():
    arcs = [[[170, 10], [-170, 10], [-170, 20], [170, 20], [170, 10]]]
    ((_, _, drawn),) = convert.shapes(topology(arcs, [shape("643", [0])], "countries"), "countries", 0)
    assert drawn["type"] == "MultiPolygon"
    spans = [sorted({x for x, _ in part[0]}) for part in drawn["coordinates"]]
    assert sorted(spans) == [[-180.0, -170.0], [170.0, 180.0]]


def test_a_polar_country_reaches_the_pole_and_both_edges_of_the_map():
    arcs = [[[-180, -80], [-90, -70], [0, -75], [90, -70], [180, -80], [-180, -80]]]
    ((_, _, drawn),) = convert.shapes(topology(arcs, [shape("010", [0])], "countries"), "countries", 0)
    assert min(y for _, y in points(drawn)) == -90
    assert {min(x for x, _ in points(drawn)), max(x for x, _ in points(drawn))} == {-180, 180}


def test_outer_rings_run_counter_clockwise():
    arcs = [[[0, 0], [0, 5], [5, 5], [5, 0], [0, 0]]]
    ((_, _, drawn),) = convert.shapes(topology(arcs, [shape("840", [0])], "countries"), "countries", 0)
    assert convert.signed_area(drawn["coordinates"][0]) > 0


def test_a_place_without_a_code_gets_none_and_stands_last(tmp_path):
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    features = [convert.feature(None, {"name": "Kosovo"}, square), convert.feature("840", {"name": "U"}, square)]
    convert.write_collection(tmp_path / "out.geojson", features)
    first = (tmp_path / "out.geojson").read_bytes()
    convert.write_collection(tmp_path / "out.geojson", features[::-1])
    assert (tmp_path / "out.geojson").read_bytes() == first
    written = json.loads(first)["features"]
    assert [f.get("id") for f in written] == ["840", None]


def test_a_missing_package_is_named_in_the_error(tmp_path):
    with pytest.raises(convert.BoundaryError, match="unpack the npm package us-atlas"):
        convert.read_topology(tmp_path, "us-atlas", "states-10m.json")
