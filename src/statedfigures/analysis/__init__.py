"""DataFrames to DataFrames: intervals, claims, projections, sensitivity, outturn."""
