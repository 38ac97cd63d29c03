"""The style of charts is the report's own."""

import matplotlib as mpl

from statedfigures.display.charts import chart_fan


def test_the_settings_that_a_user_keeps_for_matplotlib_change_no_chart(make):
    before = chart_fan(make.a_projection()).svg
    own = {"lines.linewidth": 9, "font.size": 30, "axes.labelpad": 20, "xtick.major.pad": 19}
    with mpl.rc_context(own | {"lines.dashed_pattern": [9, 9], "svg.fonttype": "path"}):
        assert chart_fan(make.a_projection()).svg == before
