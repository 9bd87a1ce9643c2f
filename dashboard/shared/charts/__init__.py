"""Pieces of Plotly figures. No Streamlit."""
