import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from calibration.model import PointingModel
from calibration.terms import ALL_TERMS, TERMS
from tracker.frames import AxisPose, angle_between_deg, azimuth_deg, elevation_deg, enu_from_azel

CLOSURE_DEG = 1e-9
CROOKED = {"IA": 9.0, "IE": -4.0, "AN": 3.0, "AW": -2.0, "CA": 1.5, "NPAE": -1.0, "TF": 0.9, "TX": 0.15}
SMALL_DEG = 1e-3


def first_order_deg(terms, azimuth, elevation):
    """TPOINT's formulas, azimuth north through east: the independent reading of every sign."""
    a, e = np.radians(azimuth), np.radians(elevation)
    t = {name: terms.get(name, 0.0) for name in ALL_TERMS}
    across = (
        -t["IA"]
        - t["AN"] * np.sin(a) * np.tan(e)
        - t["AW"] * np.cos(a) * np.tan(e)
        - t["CA"] / np.cos(e)
        - t["NPAE"] * np.tan(e)
    )
    up = t["IE"] - t["AN"] * np.cos(a) + t["AW"] * np.sin(a) - t["TF"] * np.cos(e) - t["TX"] / np.tan(e)
    return across, up


def moved_deg(terms, azimuth, elevation):
    pose = AxisPose(azimuth_deg=azimuth[:, None], elevation_deg=elevation[:, None])
    normal = PointingModel.of([terms]).to_sky(pose)[:, 0]
    across = (azimuth_deg(normal) - azimuth + 180.0) % 360.0 - 180.0
    return across, elevation_deg(normal) - elevation


@pytest.fixture
def sky(rng):
    return rng.uniform(0.0, 360.0, 200), rng.uniform(8.0, 80.0, 200)


@pytest.mark.parametrize(
    "terms",
    [*({name: SMALL_DEG} for name in ALL_TERMS), dict.fromkeys(ALL_TERMS, SMALL_DEG)],
    ids=lambda terms: "+".join(terms),
)
def test_small_terms_move_the_panel_as_the_formulas_say(terms, sky):
    seen, said = moved_deg(terms, *sky), first_order_deg(terms, *sky)
    # second order: a few terms times each other times tan E (5.7 at 80 deg) squared
    allowed = 200.0 * np.radians(SMALL_DEG) * SMALL_DEG * len(terms)
    np.testing.assert_allclose(seen, said, atol=allowed)
    assert np.max(np.abs(said)) > 100.0 * allowed


def test_a_lean_of_the_pedestal_turns_the_sky_as_one_rigid_body(sky):
    azimuth, elevation = sky
    a, tan_e = np.radians(azimuth), np.tan(np.radians(elevation))
    north = np.stack(moved_deg({"AN": SMALL_DEG}, azimuth, elevation)) / -SMALL_DEG
    west = np.stack(moved_deg({"AW": SMALL_DEG}, azimuth, elevation)) / SMALL_DEG
    np.testing.assert_allclose(north, [np.sin(a) * tan_e, np.cos(a)], atol=2e-3)
    np.testing.assert_allclose(west, [-np.cos(a) * tan_e, np.sin(a)], atol=2e-3)


def test_a_leaning_pedestal_keeps_the_angles_between_normals(sky):
    poses = AxisPose(azimuth_deg=sky[0][:, None], elevation_deg=sky[1][:, None])
    straight = PointingModel.ideal(1).to_sky(poses)[:, 0]
    leaning = PointingModel.of([{"AN": 4.0, "AW": -3.0}]).to_sky(poses)[:, 0]
    np.testing.assert_allclose(leaning @ leaning.T, straight @ straight.T, atol=1e-14)


def test_the_chain_is_that_of_an_independent_rotation_library(sky):
    t = CROOKED
    azimuth, elevation = sky
    mechanical = np.radians(elevation + t["IE"])
    bent = (
        np.degrees(mechanical)
        - t["TF"] * np.cos(mechanical)
        - t["TX"] / np.tan(np.maximum(mechanical, np.radians(5)))
    )
    angles = np.column_stack(
        [
            np.full_like(azimuth, -t["AN"]),
            np.full_like(azimuth, -t["AW"]),
            t["IA"] - azimuth,
            np.full_like(azimuth, -t["NPAE"]),
            bent,
        ]
    )
    collimated = Rotation.from_euler("Z", t["CA"], degrees=True).apply([0.0, 1.0, 0.0])
    east_north, up_north, east = (
        Rotation.from_euler("XY", angles[:, :2], degrees=True),
        Rotation.from_euler("ZY", angles[:, 2:4], degrees=True),
        Rotation.from_euler("X", angles[:, 4:], degrees=True),
    )
    expected = (east_north * up_north * east).apply(collimated)
    pose = AxisPose(azimuth_deg=azimuth[:, None], elevation_deg=elevation[:, None])
    np.testing.assert_allclose(PointingModel.of([t]).to_sky(pose)[:, 0], expected, atol=1e-14)


@pytest.mark.parametrize("terms", [{}, {"CA": 2.0}, {"TX": 0.2}, {"TX": -0.2, "TF": -2.0}, CROOKED], ids=str)
def test_a_reachable_normal_is_reached(terms, rng):
    model = PointingModel.of([terms])
    unreachable_deg = abs(terms.get("CA", 0.0)) + abs(terms.get("NPAE", 0.0))
    lean_deg = np.hypot(terms.get("AN", 0.0), terms.get("AW", 0.0))
    highest = 90.0 - unreachable_deg - lean_deg
    elevation = np.concatenate([rng.uniform(-80.0, highest, 5000), highest - np.geomspace(1e-12, 1.0, 500)])
    wanted = enu_from_azel(rng.uniform(0.0, 360.0, elevation.size), elevation)[:, None]
    pose = model.to_axis(wanted)
    assert np.max(angle_between_deg(model.to_sky(pose), wanted)) < CLOSURE_DEG
    assert np.all((pose.azimuth_deg >= 0.0) & (pose.azimuth_deg < 360.0))


def test_a_pose_this_side_of_the_zenith_comes_back(rng):
    model = PointingModel.of([CROOKED])
    pose = AxisPose(
        azimuth_deg=rng.uniform(0, 360, (2000, 1)), elevation_deg=rng.uniform(0.0, 90.0, (2000, 1))
    )
    again = model.to_axis(model.to_sky(pose))
    np.testing.assert_allclose(again.azimuth_deg, pose.azimuth_deg, atol=1e-8)
    np.testing.assert_allclose(again.elevation_deg, pose.elevation_deg, atol=1e-8)


@pytest.mark.parametrize(
    "terms", [{"CA": 2.0}, {"NPAE": 2.0}, {"CA": 2.5, "NPAE": -0.5}, {"CA": 1.0, "NPAE": 1.0}]
)
def test_a_normal_inside_the_cone_out_of_reach_gets_the_nearest_pose(terms, rng):
    cone_deg = 2.0  # |CA + NPAE|: both tilt the normal sideways when the arm stands upright
    model = PointingModel.of([terms])
    wanted = enu_from_azel(rng.uniform(0.0, 360.0, 300), rng.uniform(88.0, 90.0, 300))[:, None]
    pose = model.to_axis(wanted)
    missed = angle_between_deg(model.to_sky(pose), wanted)
    np.testing.assert_allclose(missed, elevation_deg(wanted) - (90.0 - cone_deg), atol=CLOSURE_DEG)
    np.testing.assert_allclose(pose.elevation_deg, 90.0, atol=1e-6)


def test_the_ideal_zenith_has_a_pose():
    pose = PointingModel.ideal(3).to_axis(np.broadcast_to([0.0, 0.0, 1.0], (3, 3)))
    np.testing.assert_allclose(pose.elevation_deg, 90.0)
    assert np.all(np.isfinite(pose.azimuth_deg))


def test_axis_angles_of_an_ideal_head_are_azimuth_and_elevation(sky):
    pose = PointingModel.ideal(1).to_axis(enu_from_azel(*sky)[:, None])
    np.testing.assert_allclose(pose.azimuth_deg[:, 0], sky[0], atol=1e-12)
    np.testing.assert_allclose(pose.elevation_deg[:, 0], sky[1], atol=1e-12)


def test_every_head_has_its_own_terms_and_any_leading_shape_is_a_loop(rng):
    heads = [
        {name: rng.normal(0.0, TERMS[name].prior_sigma_deg / 3.0) for name in ALL_TERMS} for _ in range(5)
    ]
    together = PointingModel.of(heads)
    wanted = enu_from_azel(rng.uniform(0, 360, (2, 4, 5)), rng.uniform(5, 80, (2, 4, 5)))
    pose = together.to_axis(wanted)
    for h, head in enumerate(heads):
        alone = PointingModel.of([head])
        for index in np.ndindex(2, 4):
            one = alone.to_axis(wanted[index][h : h + 1])
            np.testing.assert_allclose(pose.azimuth_deg[index][h], one.azimuth_deg[0], rtol=0, atol=1e-10)
            np.testing.assert_allclose(pose.elevation_deg[index][h], one.elevation_deg[0], rtol=0, atol=1e-10)


def test_one_row_of_terms_serves_many_like_heads(sky):
    wanted = enu_from_azel(*sky)
    one, many = PointingModel.of([CROOKED]), PointingModel.of([CROOKED] * 200)
    np.testing.assert_array_equal(one.to_axis(wanted).azimuth_deg, many.to_axis(wanted).azimuth_deg)


def test_an_unknown_direction_stays_unknown_and_spoils_no_other_head():
    model = PointingModel.of([CROOKED] * 3)
    wanted = enu_from_azel([10.0, 20.0, 30.0], [40.0, 50.0, 60.0])
    holed = wanted.copy()
    holed[1] = np.nan
    pose, whole = model.to_axis(holed), model.to_axis(wanted)
    np.testing.assert_array_equal(np.isnan(pose.azimuth_deg), [False, True, False])
    np.testing.assert_array_equal(np.isnan(pose.elevation_deg), [False, True, False])
    np.testing.assert_allclose(pose.elevation_deg[[0, 2]], whole.elevation_deg[[0, 2]], atol=1e-12)
    np.testing.assert_array_equal(np.isnan(model.to_sky(pose)).all(axis=-1), [False, True, False])


@pytest.mark.parametrize(
    ("terms", "values", "says"),
    [
        (("IA", "XX"), [[0.0, 0.0]], "unknown pointing term 'XX'"),
        (("IA", "IA"), [[0.0, 0.0]], "each named once"),
        (("IA",), [[16.0]], "past its bound of 15 deg"),
        (("IA", "TX"), [[0.0, np.nan]], "TX is nan deg"),
        (("IA", "IE"), [[0.0]], r"give \(heads, 2\)"),
        (("IA",), [0.0], r"give \(heads, 1\)"),
    ],
)
def test_impossible_terms_are_refused(terms, values, says):
    with pytest.raises(ValueError, match=says):
        PointingModel(terms=terms, values_deg=np.array(values))


def test_the_documents_hold_the_present_term_table(request):
    from calibration.terms import as_markdown

    record = request.config.rootpath / "docs" / "decisions" / "0004-pointing-model.md"
    assert as_markdown() in record.read_text(encoding="utf-8")
