"""Record in, Plotly figure out. No Streamlit, no decisions; words come in as a `Language`."""
