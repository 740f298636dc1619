import subprocess
import sys

import pvlib
import pytest

from tracker.errors import InvalidInput
from tracker.pv.products import inverter_named, module_named

MODULE = "Canadian_Solar_Inc__CS6X_305M"
INVERTER = "ABB__PVI_3_0_OUTD_S_US_A__240V_"


def test_a_module_carries_the_tables_parameters():
    row = pvlib.pvsystem.retrieve_sam("CECMod")[MODULE]
    module = module_named(MODULE)
    ours = (module.photocurrent_a, module.saturation_a, module.series_ohm, module.shunt_ohm, module.scale_v)
    assert ours == tuple(row[["I_L_ref", "I_o_ref", "R_s", "R_sh_ref", "a_ref"]])
    assert module.current_a_per_c == row["alpha_sc"] * (1.0 - row["Adjust"] / 100.0)


def test_an_inverter_carries_the_tables_parameters():
    row = pvlib.pvsystem.retrieve_sam("CECInverter")[INVERTER]
    inverter = inverter_named(INVERTER)
    rated = (inverter.rated_ac_w, inverter.rated_dc_w, inverter.rated_v, inverter.start_w, inverter.night_w)
    assert rated == tuple(row[["Paco", "Pdco", "Vdco", "Pso", "Pnt"]])
    curve = (inverter.curvature_per_w, inverter.dc_per_v, inverter.start_per_v, inverter.curvature_per_v)
    assert curve == tuple(row[["C0", "C1", "C2", "C3"]])


def test_the_tables_own_spelling_is_understood_too():
    assert module_named("Canadian Solar Inc. CS6X-305M") == module_named(MODULE)
    assert inverter_named("ABB: PVI-3.0-OUTD-S-US-A [240V]") == inverter_named(INVERTER)


def test_an_unknown_module_names_three_neighbours_and_the_table():
    with pytest.raises(InvalidInput, match=r"'Canadian Solar CS6X-305M' is not among the 2\d{4}") as found:
        module_named("Canadian Solar CS6X-305M")
    says = str(found.value)
    assert "nearest: Canadian_Solar_Inc__CS6X_305M, " in says
    assert says.split("nearest: ")[1].split("; ")[0].count(", ") == 2
    assert "sam-library-cec-modules" in says


def test_an_unknown_inverter_says_that_it_is_one():
    with pytest.raises(InvalidInput, match=r"inverter 'ABB 3000' .*nearest: ABB"):
        inverter_named("ABB 3000")


def test_a_name_is_resolved_without_starting_pvlib_or_pandas():
    program = (
        "import sys; from tracker.pv.products import module_named; "
        f"module_named({MODULE!r}); sys.exit('pvlib' in sys.modules or 'pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
